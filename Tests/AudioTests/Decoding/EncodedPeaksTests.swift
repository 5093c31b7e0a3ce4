import Audio
import Codec
import Core
import Glibc
import Testing

@Suite struct EncodedPeaksTests {
  /// A second of 440 Hz, with a louder tenth in the middle, as MP3.
  private func encoded(measuredBy meter: inout PeakMeter) throws -> [UInt8] {
    let format = PCMFormat(sampleRate: 48_000, channels: 2)
    let rendition = Rendition(codec: .mp3, sampleRate: 48_000, channels: 2, kilobitsPerSecond: 192)
    let encoder = try MP3Encoder(input: format, output: rendition)
    meter = PeakMeter(
      channels: 2, inputRate: 48_000, samplesPerSlice: 1152, sampleRate: 48_000, delay: encoder.delay, capacity: 60)
    let sound = (0..<48_000).flatMap { index -> [Int32] in
      let gain = (24_000..<28_800).contains(index) ? 0.9 : 0.2
      let sample = Int32(gain * Double(Int32.max) * sin(2 * .pi * 440 * Double(index) / 48_000))
      return [sample, sample / 2]
    }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: sound.count, by: 1152) {
      let block = sound[start..<min(start + 1152, sound.count)]
      meter.observe(block)
      try encoder.encode(block, into: &bytes)
    }
    try encoder.closeSegment(into: &bytes)
    return bytes
  }

  @Test func `the peaks before the encoder lie where the decoded sound has them`() throws {
    var meter = PeakMeter(channels: 2, inputRate: 48_000, samplesPerSlice: 1152)
    let bytes = try encoded(measuredBy: &meter)
    let decoded = try #require(EncodedFormat.mp3.peaks(of: bytes, samplesPerSlice: 1152))
    let measured = meter.take(through: decoded.count)
    #expect(decoded.count >= 40 && decoded.channels == 2)
    // The edges of the loud part lie within the same slice: elsewhere the levels differ by the encoder's error alone.
    for index in 2..<decoded.count - 1 {
      for channel in 0..<2 {
        let (one, two) = (Int(measured.levels[2 * index + channel]), Int(decoded.levels[2 * index + channel]))
        #expect(abs(one - two) <= 24, "slice \(index), channel \(channel): \(one) and \(two)")
      }
    }
    #expect(measured.levels.max()! > 220 && measured.levels[4] < 60)
  }

  @Test func `bytes without sound have no peaks`() {
    #expect(EncodedFormat.mp3.peaks(of: [], samplesPerSlice: 1152) == nil)
    #expect(EncodedFormat.mp3.peaks(of: [UInt8](repeating: 7, count: 5000), samplesPerSlice: 1152) == nil)
  }
}
