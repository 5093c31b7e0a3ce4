/// The ID3v2.3 tag in front of a recording: its title, its date and its chapters.
///
/// Version 2.3 and not 2.4: every player and tagger reads 2.3, and some that are still in use read no other. The chapter
/// frames (ID3v2 Chapter Frame Addendum 1.0) are the same in both.
///
/// The tag has one length from the first byte on, so that the frames behind the tag never move: the room that is left is
/// padding (ID3v2.3.0 §3.1). Chapters are only ever added behind those that are there, and the table of contents comes last.
/// A tag that a power failure has left half old and half new still reads to the point where the old and the new part.
package struct ID3Tag: Equatable, Sendable {
  /// Bytes of the whole tag.
  package static let length = 65_536
  static let head = 10
  /// The length that the tag of a file states that is still written.
  static let unfinished = "0000000000"

  private let frames: [UInt8]
  /// Whether the chapters have room in the tag, with a padding of one frame's head at least.
  let fits: Bool

  /// - Parameter isFinished: whether no more sound comes.
  package init(_ recording: Recording, isFinished: Bool) {
    let name = recording.name
    var frames: [UInt8] = []
    // §4.2.1: "The 'Length' frame contains the length of the audiofile in milliseconds, represented as a numeric string."
    // It has the same number of digits from the start, so that the frames behind it do not move.
    let digits = String(recording.milliseconds)
    let padded = String(Self.unfinished.dropLast(min(digits.utf8.count, 10))) + digits
    frames += Self.text("TLEN", isFinished ? padded : Self.unfinished)
    frames += Self.text("TIT2", name.title)
    frames += Self.text("TPE1", name.stream)
    frames += Self.text("TALB", name.stream)
    // §4.2.1: "The 'Internet radio station name' frame contains the name of the internet radio station from which the
    // audio is streamed."
    frames += Self.text("TRSN", name.stream)
    let day = name.day.split(separator: "-")
    // §4.2.1: the year in YYYY, the date in DDMM, and the time in HHMM.
    frames += Self.text("TYER", String(day[0]))
    frames += Self.text("TDAT", "\(day[2])\(day[1])")
    frames += Self.text("TIME", name.minute.replacing(":"))
    frames += Self.userText("RECORDED", name.startText)
    // A recording begins no chapter that has no room. The tag of any other recording has no chapters.
    let chapters = Self.chapters(recording.titled)
    fits = chapters.map { Self.head + frames.count + $0.count + Self.head <= Self.length } ?? false
    self.frames = frames + (fits ? chapters ?? [] : [])
  }

  /// The whole tag.
  package var bytes: [UInt8] {
    let size = Self.length - Self.head
    return Self.header(of: size) + frames + [UInt8](repeating: 0, count: size - frames.count)
  }

  /// §3.1: version 3.0, no flags, and a size of seven bits an octet that leaves out the header.
  static func header(of size: Int) -> [UInt8] {
    Array("ID3".utf8) + [3, 0, 0] + (0..<4).reversed().map { UInt8(size >> ($0 * 7) & 0x7F) }
  }

  // The frames

  /// §3.3: an identifier, a size of 32 bits that leaves out the header, and two octets of flags.
  private static func frame(_ id: String, _ content: [UInt8]) -> [UInt8] {
    Array(id.utf8) + bigEndian(content.count) + [0, 0] + content
  }

  static func text(_ id: String, _ text: String) -> [UInt8] { frame(id, encoded(text)) }

  /// §4.2.2
  private static func userText(_ description: String, _ text: String) -> [UInt8] {
    frame("TXXX", [0] + Array(description.utf8) + [0] + Array(text.utf8))
  }

  /// Nil where the chapters are more than a table of contents counts.
  private static func chapters(_ titled: [(start: Int, end: Int, title: String)]) -> [UInt8]? {
    guard let count = UInt8(exactly: titled.count) else { return nil }
    var frames: [UInt8] = []
    for (index, chapter) in titled.enumerated() { frames += Self.chapter(index, chapter) }
    return count == 0 ? frames : frames + contents(count)
  }

  /// Chapter Frame Addendum §3.1. An offset of all ones says that the times count.
  private static func chapter(_ index: Int, _ chapter: (start: Int, end: Int, title: String)) -> [UInt8] {
    let none = [UInt8](repeating: 0xFF, count: 8)
    return frame(
      "CHAP", element(index) + bigEndian(chapter.start) + bigEndian(chapter.end) + none + text("TIT2", chapter.title))
  }

  /// Chapter Frame Addendum §3.2: the top-level table, in order.
  private static func contents(_ count: UInt8) -> [UInt8] {
    frame("CTOC", Array("toc".utf8) + [0, 3, count] + (0..<Int(count)).flatMap { element($0) })
  }

  private static func element(_ index: Int) -> [UInt8] { Array("c\(index)".utf8) + [0] }

  /// §3.3: ISO 8859-1, or UTF-16 with a byte order mark.
  private static func encoded(_ text: String) -> [UInt8] {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return [0] + Array(text.utf8) }
    return [1, 0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }

  private static func bigEndian(_ number: Int) -> [UInt8] {
    (0..<4).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}

extension String {
  /// Without a character.
  fileprivate func replacing(_ character: Character) -> String { filter { $0 != character } }
}
