import Codec
import Core

/// A media playlist with the parts of its newest segments (rfc8216bis §4.4.4.9, §6.2, appendix B): Low-Latency HLS.
package struct LowLatencyPlaylist: Sendable {
  let ring: Ring
  let recording: RecordingSegment
  /// Samples a part; the last of a segment may have fewer.
  private let partSamples: Int
  private let dateRanges: [DateRange]

  /// - Parameters:
  ///   - ring: the complete segments.
  ///   - recording: the segment after them.
  ///   - partFrames: encoded frames a part.
  ///   - dateRanges: the titles, oldest first.
  package init(ring: Ring, recording: RecordingSegment, partFrames: Int, dateRanges: [DateRange] = []) {
    self.ring = ring
    self.recording = recording
    partSamples = partFrames * recording.packaging.codec.samplesPerFrame
    self.dateRanges = dateRanges
  }

  /// Nanoseconds of six target durations: §4.4.3.8: "The Skip Boundary … MUST be at least six times the Target Duration."
  private var skipUntil: Int { 6 * ring.targetDuration * 1_000_000_000 }

  package var progress: BlockingReload.Progress {
    let last = ring.segments.last
    return BlockingReload.Progress(
      lastSequence: last?.sequence ?? recording.sequence - 1, lastParts: last?.parts.count ?? 0,
      recordingParts: recording.parts.count,
      ended: ring.ended)
  }

  /// How many parts ahead a request may ask for. §6.2.5.2: "three divided by the Part Target Duration if the Part Target
  /// Duration is less than one second, or three otherwise".
  package var advancePartLimit: Int {
    partSamples < recording.sampleRate ? (3 * recording.sampleRate + partSamples - 1) / partSamples : 3
  }

  /// PART-TARGET in milliseconds, rounded up: a part that is longer makes a player refuse the whole playlist.
  private var partTarget: Int { (partSamples * 1000 + recording.sampleRate - 1) / recording.sampleRate }

  /// - Parameters:
  ///   - folder: stands in front of each name, with its slash.
  ///   - query: stands behind each name and a question mark; nil for none. A token for the segments goes here.
  ///   - delta: a playlist delta update, which skips the segments that the client has seen already (§6.2.5.1).
  package func text(folder: String, query: String? = nil, delta: Bool = false) -> String {
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
      "#EXT-X-MEDIA-SEQUENCE:\(playlist.entries.first?.sequence ?? recording.sequence)",
      "#EXT-X-DISCONTINUITY-SEQUENCE:\(playlist.discontinuitySequence)",
      "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    if skipped > 0 { lines.append("#EXT-X-SKIP:SKIPPED-SEGMENTS=\(skipped)") }
    // Date ranges are in a delta update, too: no client skips any unless it is told that it can (§4.4.3.8,
    // CAN-SKIP-DATERANGES).
    if !ring.listed.isEmpty || !recording.parts.isEmpty { lines += dateRanges.map(\.tag) }
    let recent = firstWithParts
    for segment in ring.listed.dropFirst(skipped) {
      if segment.discontinuity { lines.append("#EXT-X-DISCONTINUITY") }
      lines.append("#EXT-X-PROGRAM-DATE-TIME:\(segment.date.text)")
      if segment.sequence >= recent {
        lines += segment.parts.map { line($0, of: segment.start, in: folder, query) }
      }
      lines.append("#EXTINF:\(Playlist.decimal(nanoseconds: segment.entry.nanoseconds)),")
      lines.append(segment.name.uri(in: folder, query: query))
    }
    if ring.ended {
      lines.append("#EXT-X-ENDLIST")
    } else {
      if recording.discontinuity { lines.append("#EXT-X-DISCONTINUITY") }
      // §B.1: every segment has a date, which stands "before the first EXT-X-PART" of the segment.
      if !recording.parts.isEmpty { lines.append("#EXT-X-PROGRAM-DATE-TIME:\(recording.date.text)") }
      lines += recording.parts.map { line($0, of: recording.start, in: folder, query) }
      let hinted = recording.start.name(ofPart: recording.parts.count)
      lines.append("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"\(hinted.uri(in: folder, query: query))\"")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ part: Part, of start: SegmentStart, in folder: String, _ query: String?) -> String {
    let nanoseconds = Playlist.nanoseconds(samples: part.samples, rate: start.sampleRate)
    let uri = start.name(ofPart: part.index).uri(in: folder, query: query)
    return "#EXT-X-PART:DURATION=\(Playlist.decimal(nanoseconds: nanoseconds)),URI=\"\(uri)\",INDEPENDENT=YES"
  }

  /// The length of the recording segment's parts.
  private var recordedNanoseconds: Int {
    recording.parts.reduce(0) { $0 + Playlist.nanoseconds(samples: $1.samples, rate: recording.sampleRate) }
  }

  /// The first segment whose parts are listed. §6.2.2: parts are removed when they are "further than three Target
  /// Durations from the end of the Playlist".
  private var firstWithParts: Int {
    var behind = recordedNanoseconds
    for segment in ring.listed.reversed() {
      guard behind < 3 * ring.targetDuration * 1_000_000_000 else { return segment.sequence + 1 }
      behind += segment.entry.nanoseconds
    }
    return ring.listed.first?.sequence ?? recording.sequence
  }

  /// How many segments lie wholly before the skip boundary.
  private var skippable: Int {
    var behind = recordedNanoseconds
    var kept = 0
    for segment in ring.listed.reversed() where behind < skipUntil {
      behind += segment.entry.nanoseconds
      kept += 1
    }
    return ring.listed.count - kept
  }
}
