package import Core

/// The name of a recording's file: the stream, and the local date and time of the first sample with its offset from UTC, as
/// in `live-2026-11-30T14-00-00+0100.mp3`.
package struct RecordingName: Hashable, Sendable {
  package static let ending = ".mp3"
  private static let pattern = Array("0000-00-00T00-00-00+0000".utf8)
  /// In bytes.
  private static let longestStream = 64
  private static let mostCopies = 99

  package let stream: String
  /// In whole seconds.
  package let start: WallTime
  /// Seconds that local time is ahead of UTC, in whole minutes.
  package let offset: Int
  /// 1, or the number that tells this recording from others with the same beginning.
  package var copy = 1

  /// - Parameters:
  ///   - stream: the name of the stream, as its URL has it.
  ///   - start: rounded to the nearest second: a cut lies up to half a part beside the hour.
  ///   - offset: seconds that local time is ahead of UTC; whole minutes count.
  package init(stream: String, start: WallTime, offset: Int) {
    self.stream = stream
    self.start = WallTime(microseconds: (start.microseconds + 500_000) / 1_000_000 * 1_000_000)
    self.offset = offset / 60 * 60
  }

  /// Reads the name of a file; nil for a name that `text` does not write.
  package init?(_ text: String) {
    guard text.hasSuffix(Self.ending), text.utf8.count <= 128 else { return nil }
    let bytes = Array(text.utf8.dropLast(Self.ending.utf8.count))
    // The name of a stream has no capital letter.
    guard let mark = bytes.firstIndex(of: UInt8(ascii: "T")), mark >= 12 else { return nil }
    let begin = mark - 10
    let end = begin + Self.pattern.count
    guard end <= bytes.count, bytes[begin - 1] == UInt8(ascii: "-") else { return nil }
    let name = bytes[..<(begin - 1)]
    guard (1...Self.longestStream).contains(name.count), name.allSatisfy(Self.isOfStream) else { return nil }
    stream = String(decoding: name, as: UTF8.self)
    guard let (start, offset) = Self.moment(bytes[begin..<end]) else { return nil }
    (self.start, self.offset) = (start, offset)
    if end < bytes.count {
      guard bytes[end] == UInt8(ascii: "-"), let copy = Int(String(decoding: bytes[(end + 1)...], as: UTF8.self)),
        (2...Self.mostCopies).contains(copy)
      else { return nil }
      self.copy = copy
    }
    guard self.text == text else { return nil }
  }

  /// The file's name.
  package var text: String { id + Self.ending }

  /// The name without its ending.
  package var id: String {
    let stamp = local.text.prefix(19).map { $0 == ":" ? "-" : $0 }
    return "\(stream)-\(String(stamp))\(Self.text(ofOffset: offset, ""))\(copy > 1 ? "-\(copy)" : "")"
  }

  /// The name of the cue sheet beside the file.
  package var cueText: String { id + ".cue" }

  /// The name of the note of the operators beside the file; see `RecordingNote`.
  package var noteText: String { id + ".json" }

  /// The name of the peaks beside the file, which are computed once.
  package var peaksText: String { id + ".peaks" }

  /// The names of the files that go with the recording.
  package var companions: [String] { [cueText, noteText, peaksText] }

  /// The first sample's time as RFC 3339 writes it, with the offset.
  package var startText: String { "\(local.text.prefix(19))\(Self.text(ofOffset: offset, ":"))" }

  /// A title for people: `live 2026-11-30 14:00:00`.
  package var title: String { "\(stream) \(day) \(local.text.dropFirst(11).prefix(8))" }

  /// `2026-11-30`.
  var day: String { String(local.text.prefix(10)) }

  /// `14:00`.
  var minute: String { String(local.text.dropFirst(11).prefix(5)) }

  /// The same recording with the next number; nil where there is none.
  package var next: RecordingName? {
    guard copy < Self.mostCopies else { return nil }
    var name = self
    name.copy += 1
    return name
  }

  private var local: WallTime { WallTime(microseconds: start.microseconds + offset * 1_000_000) }

  private static func text(ofOffset offset: Int, _ separator: String) -> String {
    let minutes = abs(offset) / 60
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(offset < 0 ? "-" : "+")\(two(minutes / 60))\(separator)\(two(minutes % 60))"
  }

  private static func moment(_ text: ArraySlice<UInt8>) -> (WallTime, offset: Int)? {
    let bytes = Array(text)
    for (byte, expected) in zip(bytes, pattern) {
      let isSign = expected == UInt8(ascii: "+") && byte == UInt8(ascii: "-")
      guard isSign || (expected == 0x30 ? (0x30...0x39).contains(byte) : byte == expected) else { return nil }
    }
    func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
    let clock = String(decoding: bytes[11..<19].map { $0 == UInt8(ascii: "-") ? UInt8(ascii: ":") : $0 }, as: UTF8.self)
    guard let local = WallTime("\(String(decoding: bytes[..<11], as: UTF8.self))\(clock).000Z"),
      number(20..<22) < 24, number(22..<24) < 60
    else { return nil }
    let ahead = (number(20..<22) * 60 + number(22..<24)) * 60
    let offset = bytes[19] == UInt8(ascii: "-") ? -ahead : ahead
    return (WallTime(microseconds: local.microseconds - offset * 1_000_000), offset)
  }

  private static func isOfStream(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
