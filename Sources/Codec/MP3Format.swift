/// The formats that MPEG-1 Layer III has (ISO/IEC 11172-3), as far as the encoder is asked for them.
package enum MP3Format {
  /// Hz, in the order in which a frame's header counts them (§2.4.2.3).
  static let sampleRatesByIndex = [44_100, 48_000, 32_000]
  /// Hz, in ascending order.
  package static let sampleRates = sampleRatesByIndex.sorted()
  /// kbit/s, in ascending order; a frame's header counts them from 1 (§2.4.2.3).
  package static let bitrates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]

  /// The sample rate in Hz for a source with the rate `source` in Hz: the same rate if Layer III has it, otherwise a rate
  /// that is a whole multiple or a whole fraction of it, otherwise 48 kHz.
  package static func sampleRate(for source: Int) -> Int {
    if sampleRates.contains(source) { return source }
    return sampleRates.reversed().first { $0 % source == 0 || source % $0 == 0 } ?? 48_000
  }
}

extension AudioCodec {
  /// MPEG-1 Layer III.
  package static let mp3 = AudioCodec(
    // ISO/IEC 11172-3 §2.4.2.1: a frame of Layer III has 1152 samples.
    name: "MP3", samplesPerFrame: 1152, fileExtension: "mp3", mediaType: "audio/mpeg",
    // ISO/IEC 14496-3: audio object type 34 is Layer-3.
    codecsParameter: "mp4a.40.34"
  ) { bytes, offset in
    MP3FrameHeader(bytes, at: offset).map { Frame(length: $0.length, sampleRate: $0.sampleRate) }
  }
}
