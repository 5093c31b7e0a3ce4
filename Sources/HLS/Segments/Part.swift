/// A partial segment (rfc8216bis §3.2): a run of whole frames of one segment, published before the segment is complete.
///
/// A part decodes on its own, because the encoder ends each part so that no later frame refers to it. As a resource a part
/// is a preamble of its own and its frames; the segment has the same frames behind a single preamble: "A Parent Segment and
/// its entire set of Partial Segments MUST contain the same set of media samples".
package struct Part: Equatable, Sendable {
  /// The part's number within the segment, from 0.
  package let index: Int
  /// Where the part's frames are in the segment's bytes.
  package let range: Range<Int>
  /// Length in PCM samples per channel.
  package let samples: Int
  /// Samples of the run before the part.
  package let start: Int

  package init(index: Int, range: Range<Int>, samples: Int, start: Int) {
    self.index = index
    self.range = range
    self.samples = samples
    self.start = start
  }
}
