import Glibc

/// An address of the Internet Protocol. An IPv4 address is equal to its IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2).
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  /// The last 64 bits of ::ffff:0:0/96, without the IPv4 address.
  private static let mapped: UInt64 = 0xFFFF_0000_0000

  /// RFC 4291 §2.5.2: `::`.
  static let unspecified = IPAddress(high: 0, low: 0)

  /// The halves of the IPv6 address.
  let high: UInt64
  let low: UInt64

  init(high: UInt64, low: UInt64) {
    (self.high, self.low) = (high, low)
  }

  /// - Parameter address: a sockaddr of any family.
  /// - Returns: nil for an address of another family.
  package init?(_ address: UnsafeRawPointer) {
    switch Int32(address.loadUnaligned(as: sa_family_t.self)) {
    case AF_INET:
      let raw = address.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
      (high, low) = (0, Self.mapped | UInt64(UInt32(bigEndian: raw)))
    case AF_INET6:
      let raw = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      (high, low) = withUnsafeBytes(of: raw) {
        (
          UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
          UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
      }
    default: return nil
    }
  }

  /// - Parameter text: an IPv4 or IPv6 address as inet_pton(3) takes it.
  package init?(_ text: String) {
    var (four, six) = (in_addr(), in6_addr())
    if inet_pton(AF_INET, text, &four) == 1 {
      self.init(high: 0, low: Self.mapped | UInt64(UInt32(bigEndian: four.s_addr)))
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      var address = sockaddr_in6()
      (address.sin6_family, address.sin6_addr) = (sa_family_t(AF_INET6), six)
      self.init(&address)
    } else {
      return nil
    }
  }

  /// - Parameter bytes: 4 or 16, in network byte order.
  /// - Returns: nil for another number of bytes.
  package init?(bytes: some Collection<UInt8>) {
    func number(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    switch bytes.count {
    case 4: self.init(high: 0, low: Self.mapped | number(bytes))
    case 16: self.init(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8)))
    default: return nil
    }
  }

  /// The bytes of the address in network byte order: 4 for IPv4, else 16.
  package var bytes: [UInt8] {
    func list(_ number: UInt64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    return isIPv4 ? list(low).suffix(4) : list(high) + list(low)
  }

  /// Whether an address of IPv6 has a meaning on one network link only: fe80::/10 (RFC 4291 §2.5.6). A URL cannot name the
  /// link.
  package var isIPv6LinkLocal: Bool { high >> 54 == 0xFE80 >> 6 }

  /// Whether the address stands for every address of a machine: 0.0.0.0 or ::.
  package var isUnspecified: Bool { high == 0 && (low == 0 || low == Self.mapped) }

  package var isIPv4: Bool { high == 0 && low >> 32 == Self.mapped >> 32 }

  /// Whether the address is 127.0.0.1 or ::1.
  var isLocal: Bool { high == 0 && (low == Self.mapped | UInt64(INADDR_LOOPBACK) || low == 1) }

  /// Whether only the machine itself can have the address: 127.0.0.0/8 or ::1 (RFC 6890 §2.2).
  package var isLoopback: Bool { high == 0 && (low == 1 || low >> 24 == (Self.mapped | 0x7F00_0000) >> 24) }

  /// Whether the address is one of this machine, of a network link or of a private network (RFC 6890 §2.2): 0.0.0.0/8,
  /// 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, ::, ::1, fc00::/7 or fe80::/10.
  package var isPrivate: Bool {
    guard isIPv4 else { return isLoopback || isUnspecified || isIPv6LinkLocal || high >> 57 == 0xFC >> 1 }
    let networks: [(network: UInt64, length: UInt64)] = [
      (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xAC10_0000, 12),
      (0xC0A8_0000, 16),
    ]
    let address = low & 0xFFFF_FFFF
    return networks.contains { address >> (32 - $0.length) == $0.network >> (32 - $0.length) }
  }

  package var description: String {
    if isIPv4 { return stride(from: 24, through: 0, by: -8).map { String(low >> $0 & 0xFF) }.joined(separator: ".") }
    var raw = (high.bigEndian, low.bigEndian)
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(AF_INET6, &raw, &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
