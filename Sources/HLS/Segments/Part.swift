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
