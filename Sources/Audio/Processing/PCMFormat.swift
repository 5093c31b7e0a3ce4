/// The shape of a stream of PCM: interleaved frames of `channels` samples, `sampleRate` frames per second.
///
/// Everywhere in this target a sample is a signed 32-bit integer whose full scale is 2^31, so that 16-, 24- and 32-bit
/// sources pass through unrounded.
package struct PCMFormat: Equatable, Sendable {
  package let sampleRate: Int
  package let channels: Int

  package init(sampleRate: Int, channels: Int) {
    self.sampleRate = sampleRate
    self.channels = channels
  }
}
