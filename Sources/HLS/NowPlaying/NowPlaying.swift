/// What plays: a title, and who plays it; either may be missing, and where both are, nothing is said of what plays.
package struct NowPlaying: Hashable, Sendable {
  /// Bytes of UTF-8 of each, at the most: both of them go into a header field (escaped, three times as long) and into
  /// ICY's metadata (4080 bytes).
  package static let longest = 256

  package static let nothing = NowPlaying()

  package let title: String?
  package let artist: String?

  private init() {
    (title, artist) = (nil, nil)
  }

  /// White space at their ends is left out, and what is empty then is missing.
  package init(title: String?, artist: String?) throws(Mistake) {
    self.title = try Self.checked(title, "title")
    self.artist = try Self.checked(artist, "artist")
  }

  /// What is no title, or no artist's name.
  package struct Mistake: Error, Equatable, CustomStringConvertible {
    /// `title` or `artist`.
    package let name: String

    package init(name: String) {
      self.name = name
    }

    package var description: String {
      "\(name): it must be at most \(longest) bytes of UTF-8, without line breaks and control characters"
    }
  }

  /// For who has room for one line, as in `Artist - Title`; empty where nothing is said.
  package var line: String { [artist, title].compactMap(\.self).joined(separator: " - ") }

  private static func checked(_ text: String?, _ name: String) throws(Mistake) -> String? {
    guard var rest = text?[...] else { return nil }
    rest = rest.drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    guard rest.utf8.count <= longest, !rest.unicodeScalars.contains(where: breaksLine) else {
      throw Mistake(name: name)
    }
    return rest.isEmpty ? nil : String(rest)
  }

  private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
