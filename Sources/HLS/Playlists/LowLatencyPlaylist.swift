import Codec
import Core

/// A media playlist with the parts of its newest segments (rfc8216bis §4.4.4.9, §6.2, appendix B): Low-Latency HLS.
package struct LowLatencyPlaylist: Sendable {
  private let ring: Ring
  private let open: RecordingSegment
  /// Samples a part.
  private let partSamples: Int
  private let dateRanges: [DateRange]

  /// - Parameters:
  ///   - ring: the complete segments.
  ///   - open: the one after them.
  ///   - partFrames: MP3 frames a part.
  package init(ring: Ring, open: RecordingSegment, partFrames: Int, dateRanges: [DateRange] = []) {
    (self.ring, self.open, partSamples) = (ring, open, partFrames * FrameHeader.samplesPerFrame)
    self.dateRanges = dateRanges
  }

  /// Nanoseconds of six target durations: §4.4.3.8: "The Skip Boundary … MUST be at least six times the Target Duration."
  private var skipUntil: Int { 6 * ring.targetDuration * 1_000_000_000 }

  package var progress: BlockingReload.Progress {
    let last = ring.segments.last
    return BlockingReload.Progress(
      lastSequence: last?.sequence ?? open.sequence - 1, lastParts: last?.parts.count ?? 0, openParts: open.parts.count,
      ended: ring.ended)
  }

  /// How many parts ahead a request may ask for. §6.2.5.2: "three divided by the Part Target Duration if the Part Target
  /// Duration is less than one second, or three otherwise".
  package var advancePartLimit: Int {
    partSamples < open.sampleRate ? (3 * open.sampleRate + partSamples - 1) / partSamples : 3
  }

  /// PART-TARGET in milliseconds, rounded up: a part that is longer makes a player refuse the whole playlist.
  private var partTarget: Int { (partSamples * 1000 + open.sampleRate - 1) / open.sampleRate }

  /// - Parameter delta: a playlist delta update: skip what the client has seen already (§6.2.5.1).
  package func text(folder: String, delta: Bool = false) -> String {
    let playlist = ring.playlist
    let skipped = delta ? skippable : 0
    var lines = [
      "#EXTM3U",
      // 9 only for EXT-X-SKIP (§8).
      "#EXT-X-VERSION:\(skipped > 0 ? 9 : 6)",
      "#EXT-X-TARGETDURATION:\(ring.targetDuration)",
      "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=\(Playlist.decimal(nanoseconds: skipUntil)),"
        + "HOLD-BACK=\(Playlist.decimal(nanoseconds: skipUntil / 2)),"
        // §4.4.3.8: PART-HOLD-BACK "MUST be at least twice the Part Target Duration" and "SHOULD be at least three times".
        + "PART-HOLD-BACK=\(Playlist.decimal(nanoseconds: 3 * partTarget * 1_000_000))",
      "#EXT-X-PART-INF:PART-TARGET=\(Playlist.decimal(nanoseconds: partTarget * 1_000_000))",
      "#EXT-X-MEDIA-SEQUENCE:\(playlist.entries.first?.sequence ?? open.sequence)",
      "#EXT-X-DISCONTINUITY-SEQUENCE:\(playlist.discontinuitySequence)",
      "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    if skipped > 0 { lines.append("#EXT-X-SKIP:SKIPPED-SEGMENTS=\(skipped)") }
    // In a delta update, too: the client skips none, as long as it is not told that it can (§4.4.3.8,
    // CAN-SKIP-DATERANGES).
    if !ring.listed.isEmpty || !open.parts.isEmpty { lines += dateRanges.map(\.tag) }
    let recent = firstWithParts
    for segment in ring.listed.dropFirst(skipped) {
      if segment.discontinuity { lines.append("#EXT-X-DISCONTINUITY") }
      lines.append("#EXT-X-PROGRAM-DATE-TIME:\(segment.date.text)")
      if segment.sequence >= recent {
        lines += segment.parts.map { line($0, of: segment.sequence, rate: segment.sampleRate, folder: folder) }
      }
      lines.append("#EXTINF:\(Playlist.decimal(nanoseconds: segment.entry.duration)),")
      lines.append("\(folder)\(segment.name)")
    }
    if ring.ended {
      lines.append("#EXT-X-ENDLIST")
    } else {
      if open.discontinuity { lines.append("#EXT-X-DISCONTINUITY") }
      // §B.1: every segment has a date, and it stands "before the first EXT-X-PART" of it.
      if !open.parts.isEmpty { lines.append("#EXT-X-PROGRAM-DATE-TIME:\(open.date.text)") }
      lines += open.parts.map { line($0, of: open.sequence, rate: open.sampleRate, folder: folder) }
      lines.append(
        "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"\(folder)\(Self.partName(of: open.sequence, open.parts.count))\"")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  package static func partName(of sequence: Int, _ index: Int) -> String { "\(sequence).\(index).mp3" }

  /// The segment's and the part's number in such a name, one spelling each.
  package static func part(ofName name: String) -> (sequence: Int, index: Int)? {
    let fields = name.split(separator: ".", omittingEmptySubsequences: false)
    guard fields.count == 3, let sequence = Int(fields[0]), let index = Int(fields[1]), index >= 0,
      Segment.sequence(ofName: "\(sequence).mp3") != nil, partName(of: sequence, index) == name
    else { return nil }
    return (sequence, index)
  }

  private func line(_ part: Part, of sequence: Int, rate: Int, folder: String) -> String {
    let duration = Playlist.decimal(nanoseconds: Playlist.nanoseconds(samples: part.samples, rate: rate))
    return
      "#EXT-X-PART:DURATION=\(duration),URI=\"\(folder)\(Self.partName(of: sequence, part.index))\",INDEPENDENT=YES"
  }

  /// The first segment whose parts are listed. §6.2.2: parts are removed when they are "further than three Target
  /// Durations from the end of the Playlist".
  private var firstWithParts: Int {
    var behind = open.parts.reduce(0) { $0 + Playlist.nanoseconds(samples: $1.samples, rate: open.sampleRate) }
    for segment in ring.listed.reversed() {
      guard behind < 3 * ring.targetDuration * 1_000_000_000 else { return segment.sequence + 1 }
      behind += segment.entry.duration
    }
    return ring.listed.first?.sequence ?? open.sequence
  }

  /// How many segments lie wholly before the skip boundary.
  private var skippable: Int {
    var behind = open.parts.reduce(0) { $0 + Playlist.nanoseconds(samples: $1.samples, rate: open.sampleRate) }
    var kept = 0
    for segment in ring.listed.reversed() where behind < skipUntil {
      behind += segment.entry.duration
      kept += 1
    }
    return ring.listed.count - kept
  }
}
