/// What the encoder is asked for, of what MPEG-1 Layer III offers (ISO/IEC 11172-3 §2.4.2.3).
package struct MP3Format: Equatable, Sendable {
  package static let sampleRates = [32_000, 44_100, 48_000]
  package static let bitrates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
  /// PCM samples per channel in a frame.
  package static let samplesPerFrame = 1152
  /// How much later a sample is decoded than it went in: LAME's encoder delay of 576 and the 529 of every decoder.
  package static let delay = 1105

  package let sampleRate: Int
  package let channels: Int
  /// kbit/s, constant.
  package let bitrate: Int

  package init(sampleRate: Int, channels: Int, bitrate: Int) {
    self.sampleRate = sampleRate
    self.channels = channels
    self.bitrate = bitrate
  }

  /// The rate for a source's: the same, or else one that is a whole multiple or part of it.
  package static func sampleRate(for source: Int) -> Int {
    if sampleRates.contains(source) { return source }
    return sampleRates.reversed().first { $0 % source == 0 || source % $0 == 0 } ?? 48_000
  }
}
