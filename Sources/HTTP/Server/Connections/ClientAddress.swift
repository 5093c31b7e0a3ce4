/// The address under which a connection is counted: an IPv4 address, or the /64 of an IPv6 address, because one client may
/// have all 2^64 addresses of a /64 (RFC 6177 §2: an end site is given more than one subnet, which is a /64).
package struct ClientAddress: Hashable, Sendable, CustomStringConvertible {
  private let network: IPAddress
  /// Whether the address is 127.0.0.1 or ::1, the only address in use of its /64.
  package let isLocal: Bool

  package init(_ address: IPAddress) {
    (network, isLocal) = (address.isIPv4 ? address : IPAddress(high: address.high, low: 0), address.isLocal)
  }

  package var description: String { network.isIPv4 ? "\(network)" : "\(network)/64" }
}
