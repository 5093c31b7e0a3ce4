package import Core

/// The frames that a recording takes at a time: a part of the stream, which decodes without the frames before it.
package struct RecordedPart: Equatable, Sendable {
  /// A title, or the end of a title.
  package struct Title: Equatable, Sendable {
    /// The sample of the run at which the title begins.
    package let start: Int
    /// Nil where nothing is said of the sound.
    package let text: String?

    package init(start: Int, text: String?) {
      (self.start, self.text) = (start, text)
    }
  }

  /// Whole frames, without a preamble.
  package let bytes: [UInt8]
  /// Samples of the run before the part.
  package let start: Int
  /// Length in PCM samples per channel.
  package let samples: Int
  /// Samples per second.
  package let sampleRate: Int
  /// Wall-clock time of the first sample.
  package let date: WallTime
  /// The title at the first sample, and those that begin later in the part.
  package let titles: [Title]

  /// Wall-clock time of the sample in the middle.
  package var middle: WallTime { date.advanced(samples: samples / 2, rate: sampleRate) }

  package init(bytes: [UInt8], start: Int, samples: Int, sampleRate: Int, date: WallTime, titles: [Title] = []) {
    (self.bytes, self.start, self.samples) = (bytes, start, samples)
    (self.sampleRate, self.date, self.titles) = (sampleRate, date, titles)
  }
}
