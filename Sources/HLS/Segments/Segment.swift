package import Core

/// A complete piece of the stream: a preamble and whole frames that decode on their own. Immutable.
package struct Segment: Equatable, Sendable {
  package let start: SegmentStart
  package let bytes: [UInt8]
  /// The partial segments; none if the segment was restored.
  package let parts: [Part]
  /// Length in PCM samples per channel.
  package let samples: Int

  package init(_ start: SegmentStart, bytes: [UInt8], parts: [Part] = [], samples: Int) {
    self.start = start
    self.bytes = bytes
    self.parts = parts
    self.samples = samples
  }

  package var sequence: Int { start.sequence }
  package var name: SegmentName { start.name }
  package var packaging: SegmentPackaging { start.packaging }
  package var sampleRate: Int { start.sampleRate }
  package var date: WallTime { start.date }
  package var discontinuity: Bool { start.discontinuity }

  /// Wall-clock time of the first sample after it.
  package var end: WallTime { date.advanced(samples: samples, rate: sampleRate) }
}
