/// The value of a Host header field. RFC 9110 §7.2: Host = uri-host [ ":" port ].
package struct HostField: Equatable, Sendable {
  /// Lowercased; an IPv6 address without its brackets.
  package let name: String
  /// Nil if the host is a name.
  package let address: IPAddress?

  /// - Parameter text: a host, and a port or none. RFC 3986 §3.2.2: an IPv6 address stands in brackets.
  /// - Returns: nil for text that is neither a host name nor an address.
  package init?(_ text: String) {
    self.init(Substring(text).utf8)
  }

  init?(_ bytes: Substring.UTF8View) {
    if bytes.first == UInt8(ascii: "[") {
      guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      let inner = bytes[..<bracket].dropFirst()
      guard Self.isPort(bytes[bracket...].dropFirst()), inner.contains(UInt8(ascii: ":")),
        let address = IPAddress(String(Substring(inner)))
      else { return nil }
      (name, self.address) = (inner.lowercasedText, address)
    } else {
      let host = bytes[..<(bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex)]
      guard Self.isPort(bytes[host.endIndex...]), Self.isName(host) else { return nil }
      name = host.lowercasedText
      // An IPv4 address ends with a digit (inet_pton(3)).
      address = host.last.map(\.isDigit) == true ? IPAddress(name) : nil
    }
  }

  /// Whether the host means the machine itself: `localhost` (RFC 6761 §6.3) or a loopback address.
  package var isThisMachine: Bool { address?.isLoopback ?? (name == "localhost") }

  /// Whether the text follows the grammar of a Host header field, even where the host is no host of the Domain Name System.
  /// RFC 3986 §3.2.2: host = IP-literal / IPv4address / reg-name; reg-name = *( unreserved / pct-encoded / sub-delims ),
  /// which may be empty.
  static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    if rest.first == UInt8(ascii: "[") {
      guard let bracket = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
      let literal = rest[..<bracket].dropFirst()
      // IPv6address = hexadecimal digits, colons and points; IPvFuture begins with a v.
      guard literal.contains(UInt8(ascii: ":")) || literal.first?.lowercased == UInt8(ascii: "v"),
        literal.allSatisfy({ $0 == UInt8(ascii: ":") || isNameCharacter($0) })
      else { return false }
      rest = rest[bracket...].dropFirst()
    } else {
      while let byte = rest.first, byte != UInt8(ascii: ":") {
        if byte == UInt8(ascii: "%") {
          guard PercentEncoding.escaped(rest.dropFirst()) != nil else { return false }
          rest = rest.dropFirst(3)
        } else {
          guard isNameCharacter(byte) else { return false }
          rest = rest.dropFirst()
        }
      }
    }
    guard let colon = rest.first else { return true }
    return colon == UInt8(ascii: ":") && rest.dropFirst().allSatisfy(\.isDigit)
  }

  /// RFC 3986 §2.2 and §2.3: unreserved / sub-delims.
  private static func isNameCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "-._~!$&'()*+,;=".utf8.contains(byte)
    }
  }

  /// A name of the Domain Name System. Underscores are accepted because some local networks use them.
  private static func isName(_ text: Substring.UTF8View) -> Bool {
    var count = 0
    for byte in text {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        count += 1
      default: return false
      }
    }
    return (1...253).contains(count)
  }

  /// No port of TCP has more digits.
  private static let portDigits = 5

  /// Nothing, or a colon and digits. RFC 3986 §3.2.3: port = *DIGIT.
  private static func isPort(_ text: Substring.UTF8View) -> Bool {
    guard let first = text.first else { return true }
    let digits = text.dropFirst()
    return first == UInt8(ascii: ":") && digits.allSatisfy(\.isDigit) && digits.count <= portDigits
  }
}
