import Audio
import Testing

@Suite struct SampleFormatTests {
  @Test(
    arguments: [
      (.int16, [0x00, 0x80, 0xFF, 0x7F, 0x01, 0x00], [.min, 0x7FFF_0000, 0x1_0000]),
      (.int24, [0x00, 0x00, 0x80, 0xFF, 0xFF, 0x7F, 0x01, 0x00, 0x00], [.min, 0x7FFF_FF00, 0x100]),
      (.int32, [0x00, 0x00, 0x00, 0x80, 0x01, 0x00, 0x00, 0x00], [.min, 1]),
      // 0.5, −1, 1 (clipped by one), 2, −3, NaN
      (.float32, [0, 0, 0, 0x3F, 0, 0, 0x80, 0xBF, 0, 0, 0x80, 0x3F], [1 << 30, .min, .max]),
      (.float32, [0, 0, 0, 0x40, 0, 0, 0x40, 0xC0, 0, 0, 0xC0, 0x7F], [.max, .min, 0]),
    ] as [(SampleFormat, [UInt8], [Int32])])
  func `little-endian samples become 32 bits at full scale`(format: SampleFormat, bytes: [UInt8], expected: [Int32]) {
    var samples: [Int32] = []
    bytes.withUnsafeBytes { format.decode($0, into: &samples) }
    #expect(samples == expected)
  }
}
