/// The name of a stream: the first part of the stream's addresses (`/NAME.m3u8`, `/NAME/7.mp3`), the name of the stream's
/// folder, and the label of the stream's metrics. A name never hides an address that the program or the page needs.
package struct StreamName: Hashable, Sendable, CustomStringConvertible {
  /// The only stream of a station whose settings name none.
  package static let live = StreamName(unchecked: "live")

  /// The first words of the program's own addresses, of today or planned, and the names of the page's files and folders.
  package static let reservedWords: Set<String> = [
    "admin", "api", "metrics", "record", "recordings", "rooms", "secure", "station", "status", "stream", "streams",
    "studio", "upload-audio",
    "icon", "index", "js", "operators", "ringcast", "style", "worklet",
  ]
  /// In bytes.
  private static let longest = 64

  package let text: String

  package var description: String { text }

  private init(unchecked text: String) {
    self.text = text
  }

  /// - Throws: the value and the rule that the value breaks.
  package init(_ text: String) throws(InvalidInput) {
    if let broken = Self.rule(brokenBy: text) { throw InvalidInput("stream", text, broken.text) }
    self.text = text
  }

  /// Nil where the text breaks a rule.
  init?(valid text: String) {
    if Self.rule(brokenBy: text) != nil { return nil }
    self.text = text
  }

  private enum Rule {
    case characters, noLowLatencyMark, notReserved

    var text: SettingText {
      switch self {
      case .characters:
        "its name must be 1 to \(longest) of a to z, 0 to 9, - and _, and begin with a letter or a digit"
      case .noLowLatencyMark: "its name must not end in -ll, the mark of low-latency playlists"
      case .notReserved:
        "its name must be none of the program's own: \(reservedWords.sorted().joined(separator: ", "))"
      }
    }
  }

  private static func rule(brokenBy text: String) -> Rule? {
    guard follows(text) else { return .characters }
    // `/NAME-ll.m3u8` is the low-latency playlist of the stream NAME.
    if text.utf8.suffix(3).elementsEqual("-ll".utf8) { return .noLowLatencyMark }
    return reservedWords.contains(text) ? .notReserved : nil
  }

  private static func follows(_ text: String) -> Bool {
    guard (1...longest).contains(text.utf8.count), let first = text.utf8.first, isAlphanumeric(first) else {
      return false
    }
    return text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
