/// The name of a room: the part of the room's addresses after `/rooms/`. The grammar is that of a stream's name, so that a
/// stream's room can have the name of the stream.
package struct RoomName: Hashable, Sendable, CustomStringConvertible {
  /// The words that the list of rooms needs for itself.
  package static let reservedWords: Set<String> = ["index", "list", "room"]
  /// In bytes.
  private static let longest = 64

  package let text: String

  package var description: String { text }

  /// Nil unless the text has 1 to 64 of a to z, 0 to 9, - and _, begins with a letter or a digit, and is no reserved word.
  package init?(_ text: some StringProtocol) {
    let bytes = text.utf8
    guard (1...Self.longest).contains(bytes.count), let first = bytes.first, Self.isAlphanumeric(first) else {
      return nil
    }
    let hyphen = UInt8(ascii: "-")
    let underscore = UInt8(ascii: "_")
    guard bytes.allSatisfy({ Self.isAlphanumeric($0) || $0 == hyphen || $0 == underscore }) else { return nil }
    let text = String(text)
    guard !Self.reservedWords.contains(text) else { return nil }
    self.text = text
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
