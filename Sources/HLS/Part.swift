import Codec
package import Core

/// A partial segment (rfc8216bis §3.2): a run of whole frames of one segment, published before the segment is complete.
///
/// A part decodes on its own, because the bit reservoir is closed at its start. As a resource it is its own timestamp tag
/// and its frames; the segment has the same frames behind a single tag: "A Parent Segment and its entire set of Partial
/// Segments MUST contain the same set of media samples".
package struct Part: Equatable, Sendable {
  /// Its number within the segment, from 0.
  package let index: Int
  /// Where its frames are in the segment's bytes.
  package let range: Range<Int>
  /// Length in PCM samples per channel.
  package let samples: Int
  /// Samples of the run before it.
  package let start: Int
}

/// The segment that is being recorded: what is known and published of it.
package struct OpenSegment: Equatable, Sendable {
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
