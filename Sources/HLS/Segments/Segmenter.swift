import Codec
package import Core

/// Gathers encoded frames into parts and segments. It has no clock: time is the count of frames the encoder has finished.
package struct Segmenter: Sendable {
  package let grid: Grid
  private let packaging: SegmentPackaging
  /// Frames a part; the last of a segment may have fewer.
  private let partFrames: Int
  /// Wall-clock time of the stream's first decoded sample, by which the segments that begin from now on are dated.
  package var origin: WallTime
  /// The segment that is being recorded, and the frame with which it starts.
  private var start: SegmentStart
  private var startFrame = 0
  /// The frame with which the part that is being recorded starts.
  private var partStartFrame = 0
  private var cuts = 0
  private var bytes: [UInt8]
  private var parts: [Part] = []

  /// - Parameters:
  ///   - packaging: must be of the codec by which the grid was made.
  ///   - partFrames: encoded frames a part.
  ///   - origin: wall-clock time of the first sample.
  ///   - sequence: media sequence number of the first segment.
  ///   - discontinuity: whether another run of the stream came before it.
  package init(
    grid: Grid, packaging: SegmentPackaging, partFrames: Int, origin: WallTime, sequence: Int, discontinuity: Bool
  ) {
    precondition(grid.samplesPerFrame == packaging.codec.samplesPerFrame, "the grid is of the same codec")
    self.grid = grid
    self.packaging = packaging
    self.partFrames = partFrames
    self.origin = origin
    start = SegmentStart(
      sequence: sequence, packaging: packaging, sampleRate: grid.sampleRate, date: origin, discontinuity: discontinuity)
    bytes = packaging.preamble(after: 0, sampleRate: grid.sampleRate)
  }

  /// The frame, counted from the start of the stream, before which the recording segment is to end.
  package var nextCut: Int { grid.boundary(cuts + 1) }

  /// The frame before which the recording part is to end, with the segment's end at the latest.
  package var nextPart: Int { min(partStartFrame + partFrames, nextCut) }

  /// The segment that is being recorded.
  package var recording: RecordingSegment { RecordingSegment(start, bytes: bytes, parts: parts) }

  /// Wall-clock time of a sample of the run, counted as the decoder returns them; nil if the sample comes after the
  /// recording segment, because the next segment may be dated differently.
  package func date(of sample: Int) -> WallTime? {
    guard sample < samples(nextCut) else { return nil }
    return start.date.advanced(samples: sample - samples(startFrame), rate: grid.sampleRate)
  }

  /// Takes bytes as the encoder returns them; they need not end with a frame until the part does.
  package mutating func append(_ more: [UInt8]) {
    bytes += more
  }

  /// Ends the recording part before frame `end`; the bytes given until now must be exactly its frames and those before.
  package mutating func closePart(at end: Int) {
    guard end > partStartFrame else { return }
    let offset = parts.last?.range.upperBound ?? packaging.preambleLength
    parts.append(
      Part(
        index: parts.count, range: offset..<bytes.count, samples: samples(end - partStartFrame),
        start: samples(partStartFrame)))
    partStartFrame = end
  }

  /// Ends the recording segment, and its last part, before frame `end`. Nil if the segment has no frames.
  package mutating func cut(at end: Int) -> Segment? {
    guard end > startFrame else { return nil }
    closePart(at: end)
    let segment = Segment(start, bytes: bytes, parts: parts, samples: samples(end - startFrame))
    start = SegmentStart(
      sequence: start.sequence + 1, packaging: packaging, sampleRate: grid.sampleRate,
      date: origin.advanced(samples: samples(end), rate: grid.sampleRate), discontinuity: false)
    startFrame = end
    bytes = packaging.preamble(after: samples(end), sampleRate: grid.sampleRate)
    parts = []
    cuts += 1
    return segment
  }

  private func samples(_ frames: Int) -> Int { frames * grid.samplesPerFrame }
}
