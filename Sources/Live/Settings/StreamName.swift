/// The name of a stream: the first part of the stream's addresses (`/NAME.m3u8`, `/NAME/7.mp3`), the name of the stream's
/// folder, and the label of the stream's metrics. A name never hides an address that the program or the page needs.
package struct StreamName: Hashable, Sendable, CustomStringConvertible {
  /// The only stream of a station whose settings name none.
  package static let live = StreamName(unchecked: "live")

  /// The first words of the program's own addresses, of today or planned, and the names of the page's files and folders.
  package static let reservedWords: Set<String> = [
    "admin", "api", "metrics", "record", "recordings", "rooms", "station", "status", "stream", "streams", "studio",
    "upload-audio",
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
    func refusal(_ rule: SettingText) -> InvalidInput { InvalidInput("stream", text, rule) }
    guard Self.follows(text) else {
      throw refusal(
        "its name must be 1 to \(Self.longest) of a to z, 0 to 9, - and _, and begin with a letter or a digit")
    }
    // `/NAME-ll.m3u8` is the low-latency playlist of the stream NAME.
    guard !text.hasSuffix("-ll") else {
      throw refusal("its name must not end in -ll, the mark of low-latency playlists")
    }
    guard !Self.reservedWords.contains(text) else {
      throw refusal(
        "its name must be none of the program's own: \(Self.reservedWords.sorted().joined(separator: ", "))")
    }
    self.text = text
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
