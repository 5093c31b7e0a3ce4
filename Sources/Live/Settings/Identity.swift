import HLS
import HTTP

/// The texts, the logo and the colour by which people know a station or a stream. What nobody has set is missing.
package struct Identity: Equatable, Sendable {
  /// The name of a station whose settings name none.
  package static let defaultName = "ringcast"

  /// The most bytes of UTF-8. All of the texts go into the head of the endless stream, where a player may read a line of
  /// 4096 bytes at the most.
  package static let longestName = 200
  package static let longestDescription = 1000
  package static let longestGenre = 200
  package static let longestHomepage = 500

  package private(set) var name: String?
  package private(set) var description: String?
  package private(set) var genre: String?
  /// The URL of a page of another site.
  package private(set) var homepage: String?
  /// The path of a file.
  package private(set) var logo: String?
  package var accent: Accent?

  package init() {}

  package mutating func set(name text: String) throws(InvalidInput.Rule) {
    name = try Self.line(text, atMost: Self.longestName)
  }

  package mutating func set(description text: String) throws(InvalidInput.Rule) {
    description = try Self.line(text, atMost: Self.longestDescription)
  }

  package mutating func set(genre text: String) throws(InvalidInput.Rule) {
    genre = try Self.line(text, atMost: Self.longestGenre)
  }

  /// - Throws: the rule for a URL of another scheme than http and https, which a page could run as a script, and for a URL
  ///   with a user and a password.
  package mutating func set(homepage url: String) throws(InvalidInput.Rule) {
    guard url.utf8.count <= Self.longestHomepage, url.utf8.allSatisfy(Self.isOfURL), Self.hasHost(url) else {
      throw InvalidInput.Rule(
        """
        it must be a URL that begins with http:// or https:// and a host, without spaces, in at most \
        \(Self.longestHomepage) characters of ASCII
        """)
    }
    homepage = url
  }

  package mutating func set(logo path: String) throws(InvalidInput.Rule) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw InvalidInput.Rule("it must be the path of a file") }
    logo = path
  }

  /// The same texts, and those of another identity where a text is missing.
  func completed(by other: Identity) -> Identity {
    var identity = self
    identity.name = name ?? other.name
    identity.description = description ?? other.description
    identity.genre = genre ?? other.genre
    identity.homepage = homepage ?? other.homepage
    return identity
  }

  mutating func replace(name: String?) { self.name = name }

  private static func line(_ text: String, atMost longest: Int) throws(InvalidInput.Rule) -> String {
    let line = TitleText.trimmed(TitleText.isolated(text))
    guard let line, line.utf8.count <= longest, !line.unicodeScalars.contains(where: TitleText.breaksLine) else {
      throw InvalidInput.Rule(
        "it must have 1 to \(longest) bytes of UTF-8, without line breaks and control characters")
    }
    return line
  }

  /// The URL up to its path, query or fragment, without a user.
  private static func hasHost(_ url: String) -> Bool {
    let end = url.utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? url.endIndex
    return WebOrigin(ofURL: String(url[..<end])) != nil
  }

  /// RFC 3986 §2: the characters of a URL, and the percent sign of those that are escaped.
  private static func isOfURL(_ byte: UInt8) -> Bool {
    Token.isUnreserved(byte) || ":/?#[]@!$&'()*+,;=%".utf8.contains(byte)
  }
}
