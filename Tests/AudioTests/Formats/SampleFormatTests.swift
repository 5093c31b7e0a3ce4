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
      (.uint8, [0x00, 0x80, 0xFF, 0x81], [.min, 0, 0x7F00_0000, 1 << 24]),
      (.int8, [0x80, 0x7F, 0xFF], [.min, 0x7F00_0000, -1 << 24]),
      (.float64, [0, 0, 0, 0, 0, 0, 0xE0, 0x3F, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F], [1 << 30, 0]),
      // ITU-T G.711, tables 2a and 2b: the ends, the smallest values, and one in between.
      (.muLaw, [0x80, 0x00, 0xFF, 0x7F, 0xF0], [32_124 << 16, -32_124 << 16, 0, 0, 120 << 16]),
      (.aLaw, [0xAA, 0x2A, 0xD5, 0x55, 0xC0], [32_256 << 16, -32_256 << 16, 8 << 16, -8 << 16, 344 << 16]),
    ] as [(SampleFormat, [UInt8], [Int32])])
  func `little-endian samples become 32 bits at full scale`(format: SampleFormat, bytes: [UInt8], expected: [Int32]) {
    var samples: [Int32] = []
    bytes.withUnsafeBytes { format.decode($0, into: &samples) }
    #expect(samples == expected)
  }

  @Test func `big-endian samples are turned round`() {
    var samples: [Int32] = []
    [UInt8]([0x12, 0x34, 0xFF, 0xFF]).withUnsafeBytes {
      SampleLayout(.int16, isBigEndian: true).decode($0, into: &samples)
    }
    #expect(samples == [0x1234_0000, -1 << 16])
  }

  @Test func `every name of a raw layout is read, and no other`() {
    for (name, layout) in SampleLayout.names { #expect(SampleLayout(name: name) == layout) }
    #expect(SampleLayout(name: "s16") == nil)
  }
}
