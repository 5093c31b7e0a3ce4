/// Gathers MP3 frames into segments. It has no clock: time is the count of frames the encoder has finished.
package struct Segmenter: Sendable {
  package let grid: Grid
  /// Wall-clock time of the stream's first decoded sample.
  private let origin: WallTime
  private var sequence: Int
  private var discontinuity: Bool
  private var cuts = 0
  private var start = 0
  private var payload: [UInt8] = []

  /// - Parameters:
  ///   - sequence: media sequence number of the first segment.
  ///   - discontinuity: whether another run of the stream came before it.
  package init(grid: Grid, origin: WallTime, sequence: Int, discontinuity: Bool) {
    self.grid = grid
    self.origin = origin
    self.sequence = sequence
    self.discontinuity = discontinuity
  }

  /// The frame, counted from the start of the stream, before which the segment at hand is to end.
  package var nextCut: Int { grid.boundary(cuts + 1) }

  /// Takes bytes as the encoder hands them out; they need not end with a frame until the cut.
  package mutating func append(_ bytes: [UInt8]) {
    payload += bytes
  }

  /// Ends the segment at hand before frame `end`; the bytes given until now must be exactly its frames. Nil where there
  /// are none.
  package mutating func cut(at end: Int) -> Segment? {
    guard end > start else { return nil }
    let (position, rate) = (start * FrameHeader.samplesPerFrame, grid.sampleRate)
    let segment = Segment(
      sequence: sequence,
      bytes: TimestampTag(samples: position, rate: rate).bytes + payload,
      samples: (end - start) * FrameHeader.samplesPerFrame,
      sampleRate: rate,
      date: origin.advanced(samples: position, rate: rate),
      discontinuity: discontinuity)
    payload.removeAll(keepingCapacity: true)
    discontinuity = false
    start = end
    sequence += 1
    cuts += 1
    return segment
  }
}
