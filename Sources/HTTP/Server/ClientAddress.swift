import Glibc

/// Whom a connection is counted for: an IPv4 address, or the /64 of an IPv6 address, because whoever has one of those has
/// 2^64 (RFC 6177 §2: an end site is given more than one subnet, which is a /64).
struct ClientAddress: Hashable, CustomStringConvertible {
  /// ::ffff:0:0/96 (RFC 4291 §2.5.5.2): an IPv4 address's last 64 bits, where it is written as one of IPv6.
  private static let mapped: UInt64 = 0xFFFF_0000_0000

  private let network: UInt64

  /// - Parameter address: a sockaddr of any family.
  /// - Returns: nil for what is neither.
  init?(_ address: UnsafeRawPointer) {
    switch Int32(address.loadUnaligned(as: sa_family_t.self)) {
    case AF_INET:
      let raw = address.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
      network = Self.mapped | UInt64(UInt32(bigEndian: raw))
    case AF_INET6:
      let raw = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      let halves = withUnsafeBytes(of: raw) {
        ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      }
      let (high, low) = (UInt64(bigEndian: halves.0), UInt64(bigEndian: halves.1))
      network = high == 0 && low >> 32 == Self.mapped >> 32 ? low : high
    default: return nil
    }
  }

  /// Whether it is 127.0.0.1 or ::1, which is the only one in use of its /64.
  var isLocal: Bool { network == Self.mapped | UInt64(INADDR_LOOPBACK) || network == 0 }

  var description: String {
    if network >> 32 == Self.mapped >> 32 {
      return stride(from: 24, through: 0, by: -8).map { String(network >> $0 & 0xFF) }.joined(separator: ".")
    }
    return stride(from: 48, through: 0, by: -16).map { String(network >> $0 & 0xFFFF, radix: 16) }
      .joined(separator: ":") + "::/64"
  }
}
