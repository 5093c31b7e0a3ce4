import HLS
import Testing

@Suite struct TimestampTagTests {
  @Test func `is 73 bytes: an ID3v2_4 header, one PRIV frame, its owner and the time`() {
    let bytes = TimestampTag(samples: 48_000, rate: 48_000).bytes
    #expect(TimestampTag.length == 73)
    #expect(bytes[..<10] == [0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 63])
    #expect(bytes[10..<20] == [0x50, 0x52, 0x49, 0x56, 0, 0, 0, 53, 0, 0])
    #expect(Array(bytes[20..<65]) == Array("com.apple.streaming.transportStreamTimestamp\0".utf8))
    #expect(bytes[65...] == [0, 0, 0, 0, 0, 1, 0x5F, 0x90])
  }

  @Test(arguments: [
    (0, 48_000, 0), (1, 48_000, 1), (1, 44_100, 2), (95_616 * 20_000, 48_000, 3_585_600_000),
    // 2^33 / 90000 s is 26.5 h: one sample before, at and after the wrap, at 48 kHz (8/15 samples a tick).
    (4_581_298_449, 48_000, 8_589_934_591), (4_581_298_450, 48_000, 1), (4_581_298_451, 48_000, 3),
    // A year on.
    (31_536_000 * 48_000, 48_000, 31_536_000 * 90_000 % (1 << 33)),
  ])
  func `counts 90 kHz ticks from the sample count and wraps at 33 bits`(samples: Int, rate: Int, expected: Int) {
    #expect(TimestampTag(samples: samples, rate: rate).timestamp == UInt64(expected))
  }

  @Test func `no count of samples overflows`() {
    #expect(TimestampTag(samples: .max, rate: 48_000).timestamp < 1 << 33)
  }

  @Test func `is read back, and nothing else is`() {
    let tag = TimestampTag(samples: 123_456_789, rate: 44_100)
    #expect(TimestampTag(tag.bytes + [0xFF]) == tag)
    #expect(TimestampTag(Array(tag.bytes.dropLast())) == nil)
    #expect(TimestampTag([0xFF] + tag.bytes) == nil)
    var upper = tag.bytes
    upper[66] = 1
    #expect(TimestampTag(upper) == nil, "the upper 31 bits are zero")
  }
}
