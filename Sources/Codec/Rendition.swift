/// One encoded form of a stream: its codec and the format that the codec is asked for.
package struct Rendition: Equatable, Sendable {
  package let codec: AudioCodec
  /// Samples per second.
  package let sampleRate: Int
  package let channels: Int
  /// The highest bit rate; a codec of constant bit rate has no other.
  package let kilobitsPerSecond: Int

  package init(codec: AudioCodec, sampleRate: Int, channels: Int, kilobitsPerSecond: Int) {
    self.codec = codec
    self.sampleRate = sampleRate
    self.channels = channels
    self.kilobitsPerSecond = kilobitsPerSecond
  }

  package var bitsPerSecond: Int { kilobitsPerSecond * 1000 }

  /// The most bytes that one frame has: a codec of constant bit rate fills frames up by a byte now and then.
  package var longestFrame: Int { codec.samplesPerFrame * bitsPerSecond / 8 / sampleRate + 1 }

  /// Samples per channel in `duration`, rounded down.
  package func samples(in duration: Duration) -> Int {
    Int(duration.attoseconds * Int128(sampleRate) / attosecondsPerSecond)
  }

  /// Bytes of frames in `duration` at the highest bit rate, rounded down.
  package func bytes(in duration: Duration) -> Int {
    Int(duration.attoseconds * Int128(bitsPerSecond) / (8 * attosecondsPerSecond))
  }

  /// The length of `frames` encoded frames, rounded down to a nanosecond.
  package func duration(frames: Int) -> Duration {
    .nanoseconds(frames * codec.samplesPerFrame * 1_000_000_000 / sampleRate)
  }

  private var attosecondsPerSecond: Int128 { 1_000_000_000_000_000_000 }
}
