import HTTP

/// The URL of a stream of another station. The query may hold a secret, so the description leaves the query out.
package struct RelayURL: Hashable, Sendable, CustomStringConvertible {
  /// The longest URL, in bytes.
  static let longest = 2048

  /// For libcurl only: no log may show this text.
  let text: String
  /// The scheme, the host and perhaps the port.
  let origin: String
  /// The path; empty where the URL has none.
  let path: String

  package var description: String { origin + path }

  /// - Throws: the rule that the text breaks. No message repeats the text.
  package init(_ text: String) throws(InvalidInput.Rule) {
    let schemes = ["http://", "https://"]
    guard let scheme = schemes.first(where: { text.lowercased().hasPrefix($0) }) else {
      throw InvalidInput.Rule("a relay's URL must begin with http:// or https://")
    }
    let end = { (byte: UInt8) in "/?#".utf8.contains(byte) }
    let rest = text.utf8.dropFirst(scheme.utf8.count)
    let authority = rest.prefix { !end($0) }
    guard !authority.contains(UInt8(ascii: "@")) else {
      throw InvalidInput.Rule(
        "a relay's URL must be without a user and a password; \(.sourcePasswordFile) PATH names a file with USER:PASSWORD"
      )
    }
    guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      !text.utf8.contains(where: { "#\"<>\\^`{|}".utf8.contains($0) }),
      let origin = WebOrigin(scheme + String(decoding: authority, as: UTF8.self))
    else {
      throw InvalidInput.Rule(
        """
        a relay's URL must have a host, perhaps a port, a path and a query, \(Self.longest) bytes of ASCII at the most, and \
        no spaces and no #
        """)
    }
    (self.text, self.origin) = (text, origin.text)
    path = String(decoding: rest.dropFirst(authority.count).prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    guard !path.lowercased().hasSuffix(".m3u8") else { throw InvalidInput.Rule(SettingText(Self.noHLS)) }
  }

  /// Whether the host is this machine, or lies in a private network, as far as the text of the URL tells: an address of such a
  /// network, a name without a domain, or a name of a domain that public name servers do not have.
  var isPrivate: Bool {
    guard let slash = origin.lastIndex(of: "/"), let host = HostField(String(origin[origin.index(after: slash)...]))
    else {
      return true
    }
    if let address = host.address { return address.isPrivate }
    // A name may end with the point of the root. A number at the end is that of an address in another notation.
    let labels = host.name.split(separator: ".")
    let isNumber = labels.last?.allSatisfy(\.isNumber) ?? false
    return labels.count < 2 || isNumber || Self.privateDomains.contains { labels.suffix($0.count).elementsEqual($0) }
  }

  /// RFC 6761 §6.3, RFC 6762 §3, RFC 8375, and the names that home routers and companies use.
  private static let privateDomains: [[Substring]] = [
    ["localhost"], ["local"], ["home", "arpa"], ["internal"], ["lan"], ["intranet"],
  ]

  static let noHLS = "an HLS playlist (.m3u8) is no endless stream; the station may have an address of MP3, Ogg or FLAC"
}
