/// A run of whole frames of one codec and one sample rate, as each segment holds it.
package struct FrameRun: Equatable, Sendable {
  /// Samples per second.
  package let sampleRate: Int
  package let frames: Int
  /// PCM samples per channel.
  package let samples: Int

  /// Reads the frames from `offset` to the end of `bytes`; nil unless all bytes there are whole frames of one sample rate,
  /// at least one.
  package init?(of codec: AudioCodec, in bytes: [UInt8], from offset: Int) {
    guard let first = codec.wholeFrame(in: bytes, at: offset) else { return nil }
    var position = offset
    var count = 0
    while position < bytes.count {
      guard let frame = codec.wholeFrame(in: bytes, at: position), frame.sampleRate == first.sampleRate else {
        return nil
      }
      position += frame.length
      count += 1
    }
    sampleRate = first.sampleRate
    frames = count
    samples = count * codec.samplesPerFrame
  }
}
