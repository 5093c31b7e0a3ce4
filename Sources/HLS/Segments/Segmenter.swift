import Codec
package import Core

/// Gathers MP3 frames into parts and segments. It has no clock: time is the count of frames the encoder has finished.
package struct Segmenter: Sendable {
  package let grid: Grid
  /// Frames a part; the last of a segment may have fewer.
  private let partFrames: Int
  /// Wall-clock time of the stream's first decoded sample, by which the segments that begin from now on are dated.
  package var origin: WallTime
  /// Wall-clock time of the segment at hand.
  private var date: WallTime
  private var sequence: Int
  private var discontinuity: Bool
  private var cuts = 0
  /// The frame with which the segment at hand starts, and its part at hand.
  private var start = 0
  private var partStart = 0
  private var bytes: [UInt8]
  private var parts: [Part] = []

  /// - Parameters:
  ///   - partFrames: MP3 frames a part.
  ///   - sequence: media sequence number of the first segment.
  ///   - discontinuity: whether another run of the stream came before it.
  package init(grid: Grid, partFrames: Int, origin: WallTime, sequence: Int, discontinuity: Bool) {
    self.grid = grid
    self.partFrames = partFrames
    (self.origin, date) = (origin, origin)
    self.sequence = sequence
    self.discontinuity = discontinuity
    bytes = TimestampTag(samples: 0, rate: grid.sampleRate).bytes
  }

  /// The frame, counted from the start of the stream, before which the segment at hand is to end.
  package var nextCut: Int { grid.boundary(cuts + 1) }

  /// The frame before which the part at hand is to end, with the segment's end at the latest.
  package var nextPart: Int { min(partStart + partFrames, nextCut) }

  /// The segment at hand.
  package var open: RecordingSegment {
    RecordingSegment(
      sequence: sequence, date: date, discontinuity: discontinuity, sampleRate: grid.sampleRate, bytes: bytes,
      parts: parts)
  }

  /// Wall-clock time of a sample of the run, counted as the decoder hands them out; nil where it comes after the segment at
  /// hand, which may be dated otherwise.
  package func date(of sample: Int) -> WallTime? {
    guard sample < nextCut * FrameHeader.samplesPerFrame else { return nil }
    return date.advanced(samples: sample - start * FrameHeader.samplesPerFrame, rate: grid.sampleRate)
  }

  /// Takes bytes as the encoder hands them out; they need not end with a frame until the part does.
  package mutating func append(_ more: [UInt8]) {
    bytes += more
  }

  /// Ends the part at hand before frame `end`; the bytes given until now must be exactly its frames and those before.
  package mutating func closePart(at end: Int) {
    guard end > partStart else { return }
    let offset = parts.last?.range.upperBound ?? TimestampTag.length
    parts.append(
      Part(
        index: parts.count, range: offset..<bytes.count, samples: (end - partStart) * FrameHeader.samplesPerFrame,
        start: partStart * FrameHeader.samplesPerFrame))
    partStart = end
  }

  /// Ends the segment at hand, and its last part, before frame `end`. Nil where it has no frames.
  package mutating func cut(at end: Int) -> Segment? {
    guard end > start else { return nil }
    closePart(at: end)
    let segment = Segment(
      sequence: sequence, bytes: bytes, parts: parts, samples: (end - start) * FrameHeader.samplesPerFrame,
      sampleRate: grid.sampleRate, date: date, discontinuity: discontinuity)
    bytes = TimestampTag(samples: end * FrameHeader.samplesPerFrame, rate: grid.sampleRate).bytes
    parts = []
    discontinuity = false
    start = end
    date = origin.advanced(samples: start * FrameHeader.samplesPerFrame, rate: grid.sampleRate)
    sequence += 1
    cuts += 1
    return segment
  }
}
