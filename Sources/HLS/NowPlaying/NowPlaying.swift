/// The title and the artist of the music on air. Either may be missing; if both are, the station has said nothing.
package struct NowPlaying: Hashable, Sendable {
  /// The most bytes of UTF-8 that each of the two may have: both together go into a header field (escaped, three times as
  /// long) and into ICY metadata (4080 bytes).
  package static let longest = 256

  package static let nothing = NowPlaying()

  package let title: String?
  package let artist: String?

  private init() {
    title = nil
    artist = nil
  }

  /// White space at both ends is removed, and so are changes of the text's direction that are not closed; a text that is
  /// empty then is missing.
  /// - Throws: `Mistake` for a text that is too long or has line breaks or control characters.
  package init(title: String?, artist: String?) throws(Mistake) {
    self.title = try Self.checked(title, "title")
    self.artist = try Self.checked(artist, "artist")
  }

  /// The same for a text that cannot be refused, because nobody would learn of that: line breaks and control characters
  /// become spaces, and a text that is too long is cut between two characters.
  package init(mending title: String?, artist: String?) {
    self.title = title.flatMap { TitleText.mended($0, longest: Self.longest) }
    self.artist = artist.flatMap { TitleText.mended($0, longest: Self.longest) }
  }

  /// A text that is not allowed as a title or an artist.
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

  /// Both in one line, as in `Artist - Title`; empty if both are missing.
  package var line: String { [artist, title].compactMap(\.self).joined(separator: " - ") }

  private static func checked(_ text: String?, _ name: String) throws(Mistake) -> String? {
    guard let text, let trimmed = TitleText.trimmed(text) else { return nil }
    guard trimmed.utf8.count <= longest, !trimmed.unicodeScalars.contains(where: TitleText.breaksLine) else {
      throw Mistake(name: name)
    }
    return TitleText.trimmed(TitleText.isolated(trimmed))
  }
}
