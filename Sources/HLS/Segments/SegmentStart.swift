package import Core

/// The properties of a segment that are fixed when its recording begins.
package struct SegmentStart: Equatable, Sendable {
  /// The media sequence number. It is part of the segment's URL and is never used for another segment.
  package let sequence: Int
  package let packaging: SegmentPackaging
  /// Samples per second.
  package let sampleRate: Int
  /// Wall-clock time of the first sample.
  package let date: WallTime
  /// Whether the timestamps or the format do not continue those of the segment before.
  package let discontinuity: Bool

  package init(sequence: Int, packaging: SegmentPackaging, sampleRate: Int, date: WallTime, discontinuity: Bool) {
    self.sequence = sequence
    self.packaging = packaging
    self.sampleRate = sampleRate
    self.date = date
    self.discontinuity = discontinuity
  }

  package var name: SegmentName { SegmentName(sequence, of: packaging.codec) }

  package func name(ofPart index: Int) -> SegmentName { SegmentName(sequence, part: index, of: packaging.codec) }
}
