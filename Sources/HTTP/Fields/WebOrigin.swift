/// The origin of a web page (RFC 6454 §4): a scheme, a host and a port.
package struct WebOrigin: Hashable, Sendable {
  /// The origin in the form of an Origin header field: lowercased, without the default port of the scheme (RFC 6454
  /// §6.2).
  package let text: String
  /// The host and the port, in the form of a Host header field.
  package let authority: String

  /// Whether the scheme is https.
  package var isSecure: Bool { text.hasPrefix("https:") }

  /// The schemes, and the default port of each.
  private static let schemes = [(name: "http://", port: ":80"), (name: "https://", port: ":443")]

  /// - Parameter text: `http://` or `https://`, a host, and a port or none; nothing after that.
  /// - Returns: nil for any other text, `null` too.
  package init?(_ text: String) {
    self.init(Substring(text).utf8)
  }

  /// The origin of a URL, for example of a Referer header field.
  package init?(ofURL url: String) {
    let bytes = Substring(url).utf8
    let slash = UInt8(ascii: "/")
    guard let first = bytes.firstIndex(of: slash) else { return nil }
    let rest = bytes[first...].dropFirst()
    guard rest.first == slash else { return nil }
    self.init(bytes[..<(rest.dropFirst().firstIndex(of: slash) ?? bytes.endIndex)])
  }

  private init?(_ bytes: Substring.UTF8View) {
    guard let scheme = Self.schemes.first(where: { bytes.startsIgnoringCase(with: $0.name) }) else { return nil }
    let authority = bytes.dropFirst(scheme.name.utf8.count)
    guard HostField(authority) != nil, authority.last != UInt8(ascii: ":") else { return nil }
    let isDefaultPort = authority.suffix(scheme.port.utf8.count).elementsEqual(scheme.port.utf8)
    self.authority = authority.dropLast(isDefaultPort ? scheme.port.utf8.count : 0).lowercasedText
    text = scheme.name + self.authority
  }
}
