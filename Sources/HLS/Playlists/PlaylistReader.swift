package import Codec
import Core

extension Playlist {
  /// The first error in a playlist that was to be read back.
  package struct Malformed: Error, Equatable, CustomStringConvertible {
    package let line: Int
    package let reason: String
    package var description: String { "line \(line): \(reason)" }

    package init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  /// Reads back the text that `text()` wrote for a folder, to restore the ring after a restart. It is no general reader: a
  /// tag that ringcast does not write is an error, so that a foreign playlist is not taken for our own.
  /// - Parameter codec: of the segments; names with another ending are an error.
  package init(text: String, codec: AudioCodec) throws(Malformed) {
    var tags: [String: Int] = [:]
    var entries: [Entry] = []
    var ended = false
    var next = EntryTags()
    var number = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      func malformed(_ reason: String) -> Malformed { Malformed(line: number, reason: reason) }
      let (name, value) = Self.split(line)
      switch name {
      case "#EXTM3U" where number == 1, "#EXT-X-INDEPENDENT-SEGMENTS", "": break
      case "#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE":
        guard tags[name] == nil, let count = Self.count(value) else { throw malformed("\(name) twice or not a number") }
        tags[name] = count
      case "#EXT-X-DISCONTINUITY": next.discontinuity = true
      case "#EXT-X-PROGRAM-DATE-TIME": next.date = WallTime(value)
      case "#EXTINF": next.nanoseconds = Self.nanoseconds(value)
      case "#EXT-X-ENDLIST": ended = true
      default:
        guard let entry = next.entry(SegmentName(line.utf8, of: codec)),
          entry.sequence == (entries.last?.sequence).map({ $0 + 1 }) ?? tags["#EXT-X-MEDIA-SEQUENCE"]
        else { throw malformed("not a segment of ours: \(line.prefix(80))") }
        entries.append(entry)
        next = EntryTags()
      }
    }
    guard text.hasPrefix("#EXTM3U\n") else { throw Malformed(line: 1, reason: "does not start with #EXTM3U") }
    guard let target = tags["#EXT-X-TARGETDURATION"], let passed = tags["#EXT-X-DISCONTINUITY-SEQUENCE"] else {
      throw Malformed(line: number, reason: "no target duration or discontinuity sequence")
    }
    self.init(targetDuration: target, discontinuitySequence: passed, entries: entries, ended: ended)
  }

  /// The tags in front of a segment's name.
  private struct EntryTags {
    var discontinuity = false
    var date: WallTime?
    /// Length.
    var nanoseconds: Int?

    /// Nil unless the name is a whole segment's and has its date and duration.
    func entry(_ name: SegmentName?) -> Entry? {
      guard let name, name.part == nil, let date, let nanoseconds else { return nil }
      return Entry(name: name, nanoseconds: nanoseconds, date: date, discontinuity: discontinuity)
    }
  }

  /// `#NAME:value` as name and value; any other line is all name.
  private static func split(_ line: Substring) -> (String, Substring) {
    guard line.hasPrefix("#"), let colon = line.firstIndex(of: ":") else { return (String(line), "") }
    return (String(line[..<colon]), line[line.index(after: colon)...])
  }

  /// A decimal-integer (rfc8216bis §4.2): digits only, and small enough for every reader there is.
  private static func count(_ text: Substring) -> Int? {
    guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  /// Seconds with up to nine decimals and the comma behind, as `EXTINF` has them.
  private static func nanoseconds(_ text: Substring) -> Int? {
    guard text.hasSuffix(",") else { return nil }
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.count <= 9, let whole = count(parts[0]), let fraction = count(parts[1]),
      whole < 1_000_000
    else { return nil }
    return whole * 1_000_000_000 + (parts[1].utf8.count..<9).reduce(fraction) { sum, _ in sum * 10 }
  }
}
