import Codec
package import Core

/// The segment that is being recorded: what is known and published of it.
package struct RecordingSegment: Equatable, Sendable {
  package let sequence: Int
  /// Wall-clock time of its first sample.
  package let date: WallTime
  package let discontinuity: Bool
  package let sampleRate: Int
  /// The tag and the frames so far; those of `parts` and perhaps more.
  package let bytes: [UInt8]
  package let parts: [Part]

  /// Whether its first frame is whole. Until then nobody gets or keeps anything of it, so that a run that is killed has
  /// used up its number only if there is sound to show for it.
  package var isStarted: Bool {
    FrameHeader(bytes, at: TimestampTag.length).map { TimestampTag.length + $0.length <= bytes.count } ?? false
  }

  package init(sequence: Int, date: WallTime, discontinuity: Bool, sampleRate: Int, bytes: [UInt8], parts: [Part]) {
    (self.sequence, self.date, self.discontinuity) = (sequence, date, discontinuity)
    (self.sampleRate, self.bytes, self.parts) = (sampleRate, bytes, parts)
  }

  /// A segment as it was just before it was complete.
  package init(_ segment: Segment) {
    self.init(
      sequence: segment.sequence, date: segment.date, discontinuity: segment.discontinuity,
      sampleRate: segment.sampleRate, bytes: segment.bytes, parts: segment.parts)
  }
}
