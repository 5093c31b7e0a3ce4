package import Core

/// A media playlist (rfc8216bis §4.4) of a sliding window of segments.
package struct Playlist: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    package let name: SegmentName
    /// Length.
    package let nanoseconds: Int
    /// Wall-clock time of the first sample.
    package let date: WallTime
    package let discontinuity: Bool

    package init(name: SegmentName, nanoseconds: Int, date: WallTime, discontinuity: Bool) {
      self.name = name
      self.nanoseconds = nanoseconds
      self.date = date
      self.discontinuity = discontinuity
    }

    /// The media sequence number.
    package var sequence: Int { name.sequence }
  }

  /// Seconds. rfc8216bis §6.2.1: "The EXT-X-TARGETDURATION … MUST NOT change."
  package let targetDuration: Int
  /// How many EXT-X-DISCONTINUITY tags have left the window.
  package let discontinuitySequence: Int
  /// Consecutive media sequence numbers, oldest first.
  package let entries: [Entry]
  package let ended: Bool

  package init(targetDuration: Int, discontinuitySequence: Int, entries: [Entry], ended: Bool) {
    self.targetDuration = targetDuration
    self.discontinuitySequence = discontinuitySequence
    self.entries = entries
    self.ended = ended
  }

  /// The playlist's text.
  /// - Parameters:
  ///   - folder: stands in front of each segment's name, with its slash.
  ///   - query: stands behind each segment's name and a question mark; nil for none. A token for the segments goes here.
  ///   - dateRanges: the titles, oldest first.
  package func text(folder: String = "", query: String? = nil, dateRanges: [DateRange] = []) -> String {
    var lines = [
      "#EXTM3U",
      // "SHOULD NOT be greater than what is required": 6 says that TARGETDURATION is rounded to the nearest (§8).
      "#EXT-X-VERSION:6",
      "#EXT-X-TARGETDURATION:\(targetDuration)",
      "#EXT-X-MEDIA-SEQUENCE:\(entries.first?.sequence ?? 1)",
      "#EXT-X-DISCONTINUITY-SEQUENCE:\(discontinuitySequence)",
      // True because the encoder ends each segment so that no later frame refers to it.
      "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    // rfc8216bis §4.4.5.1: a playlist that has one "MUST also contain at least one EXT-X-PROGRAM-DATE-TIME tag".
    if !entries.isEmpty { lines += dateRanges.map(\.tag) }
    for entry in entries {
      if entry.discontinuity { lines.append("#EXT-X-DISCONTINUITY") }
      lines.append("#EXT-X-PROGRAM-DATE-TIME:\(entry.date.text)")
      lines.append("#EXTINF:\(Self.decimal(nanoseconds: entry.nanoseconds)),")
      lines.append(entry.name.uri(in: folder, query: query))
    }
    if ended { lines.append("#EXT-X-ENDLIST") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The length of `samples` samples, exact to half a nanosecond.
  static func nanoseconds(samples: Int, rate: Int) -> Int {
    let (seconds, rest) = samples.quotientAndRemainder(dividingBy: rate)
    return seconds * 1_000_000_000 + (rest * 2_000_000_000 + rate) / (rate * 2)
  }

  /// A decimal-floating-point of seconds: never a sign, never an exponent (rfc8216bis §4.2).
  static func decimal(nanoseconds: Int) -> String {
    let (whole, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    var digits = String(String(1_000_000_000 + fraction).dropFirst())
    while digits.hasSuffix("0"), digits.utf8.count > 1 { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}

extension Segment {
  /// The segment's entry in a playlist.
  package var entry: Playlist.Entry {
    let nanoseconds = Playlist.nanoseconds(samples: samples, rate: sampleRate)
    return Playlist.Entry(name: name, nanoseconds: nanoseconds, date: date, discontinuity: discontinuity)
  }
}
