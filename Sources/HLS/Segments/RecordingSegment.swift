package import Core

/// The segment that is being recorded, with the bytes and the parts that it has so far.
package struct RecordingSegment: Equatable, Sendable {
  package let start: SegmentStart
  /// The preamble and the frames so far; those of `parts` and perhaps more. Empty before the first sound.
  package let bytes: [UInt8]
  package let parts: [Part]

  package init(_ start: SegmentStart, bytes: [UInt8] = [], parts: [Part] = []) {
    self.start = start
    self.bytes = bytes
    self.parts = parts
  }

  /// A segment as it was just before it was complete.
  package init(_ segment: Segment) {
    self.init(segment.start, bytes: segment.bytes, parts: segment.parts)
  }

  package var sequence: Int { start.sequence }
  package var packaging: SegmentPackaging { start.packaging }
  package var sampleRate: Int { start.sampleRate }
  package var date: WallTime { start.date }
  package var discontinuity: Bool { start.discontinuity }

  /// Whether the first frame is whole. Until then no listener gets and no memory keeps any byte of the segment, so that a
  /// run that is killed has used up the number only if there is sound under it.
  package var isStarted: Bool { packaging.hasWholeFrame(bytes) }
}
