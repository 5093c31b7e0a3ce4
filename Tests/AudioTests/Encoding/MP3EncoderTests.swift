import Audio
import Codec
import Testing

@Suite struct MP3EncoderTests {
  private func noise(_ count: Int) -> [Int32] {
    var state: UInt64 = 42
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return Int32(truncatingIfNeeded: state >> 33) / 4
    }
  }

  @Test(arguments: [32_000, 44_100, 48_000], [1, 2])
  func `no call finishes more than one frame, and after a close all bytes are whole frames`(rate: Int, channels: Int)
    throws
  {
    let input = PCMFormat(sampleRate: rate, channels: channels)
    let encoder = try MP3Encoder(
      input: input, output: Rendition(codec: .mp3, sampleRate: rate, channels: channels, kilobitsPerSecond: 128))
    var (bytes, before, start): ([UInt8], Int, Int) = ([], 0, 0)
    let block = noise(encoder.largestBlock * channels)
    for step in 1...600 {
      try encoder.encode(block[...], into: &bytes)
      #expect(encoder.frames - before <= 1)
      before = encoder.frames
      if step % 150 == 0 {
        try encoder.closeSegment(into: &bytes)
        // 144 × bit rate / sample rate bytes a frame, a fraction of which is a padding byte now and then.
        let exact = Double((encoder.frames - start) * 144 * 128_000) / Double(rate)
        #expect(abs(Double(bytes.count) - exact) <= 1)
        #expect(bytes.starts(with: [0xFF, 0xFB]))
        (bytes, start) = ([], encoder.frames)
      }
    }
  }

  @Test(arguments: [(8000, 48_000), (22_050, 44_100), (48_000, 32_000), (96_000, 48_000), (192_000, 48_000)])
  func `other rates are resampled, and as long as they were`(rate: Int, output: Int) throws {
    let encoder = try MP3Encoder(
      input: PCMFormat(sampleRate: rate, channels: 2),
      output: Rendition(codec: .mp3, sampleRate: output, channels: 2, kilobitsPerSecond: 128))
    var bytes: [UInt8] = []
    let block = noise(encoder.largestBlock * 2)
    let count = 5 * rate / encoder.largestBlock
    for _ in 0..<count {
      let before = encoder.frames
      try encoder.encode(block[...], into: &bytes)
      #expect(encoder.frames - before <= 1)
    }
    let given = count * encoder.largestBlock * output / rate
    let end = encoder.framesForInput
    while encoder.frames < end { try encoder.encode([Int32](repeating: 0, count: block.count)[...], into: &bytes) }
    let excess = encoder.frames * 1152 - given - encoder.delay
    #expect((0...1152 + 64).contains(excess))
  }

  @Test func `what LAME refuses is an error that names its call`() {
    #expect(throws: EncoderError.self) {
      _ = try MP3Encoder(
        input: PCMFormat(sampleRate: 48_000, channels: 2),
        output: Rendition(codec: .mp3, sampleRate: 48_000, channels: 2, kilobitsPerSecond: 1))
    }
  }
}
