package import Core

/// A numbered piece of the stream: a timestamp tag and whole MP3 frames that decode on their own. Immutable.
package struct Segment: Equatable, Sendable {
  /// Its media sequence number: what its URL is made of, never used for another segment.
  package let sequence: Int
  package let bytes: [UInt8]
  /// Its partial segments; none where it was restored.
  package let parts: [Part]
  /// Length in PCM samples per channel.
  package let samples: Int
  package let sampleRate: Int
  /// Wall-clock time of its first sample.
  package let date: WallTime
  /// True where the timestamps or the format do not go on from the segment before.
  package let discontinuity: Bool

  package init(
    sequence: Int, bytes: [UInt8], parts: [Part] = [], samples: Int, sampleRate: Int, date: WallTime,
    discontinuity: Bool
  ) {
    self.sequence = sequence
    self.bytes = bytes
    self.parts = parts
    self.samples = samples
    self.sampleRate = sampleRate
    self.date = date
    self.discontinuity = discontinuity
  }

  /// Wall-clock time of the first sample after it.
  package var end: WallTime { date.advanced(samples: samples, rate: sampleRate) }

  /// Its file's name on disk and the last component of its URL.
  package var name: String { "\(sequence).mp3" }

  /// The number in such a name: no sign, no leading zero, and small enough for every reader there is.
  package static func sequence(ofName name: String) -> Int? {
    guard name.hasSuffix(".mp3"), let sequence = Int(name.dropLast(4)), "\(sequence).mp3" == name,
      (1..<1_000_000_000_000_000).contains(sequence)
    else { return nil }
    return sequence
  }
}
