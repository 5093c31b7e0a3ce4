/// The facts about the client of a connection that the shell knows before the first message.
package struct Visitor: Equatable, Sendable {
  package let road: Road
  /// The address for which a ban holds, as text: an IPv4 address, or the first 64 bits of an IPv6 address.
  package let address: String
  /// The address for which the rooms that the client makes are counted; nil for a client without such a limit.
  package let limitedAddress: String?
  /// The rights that the request of the connection has shown, with a cookie for example.
  package let credentials: Credentials

  /// - Parameter isLimited: false for a proxy on this machine, which is not one client.
  package init(road: Road, address: String, credentials: Credentials = .none, isLimited: Bool = true) {
    self.road = road
    self.address = address
    self.credentials = credentials
    limitedAddress = isLimited ? address : nil
  }
}
