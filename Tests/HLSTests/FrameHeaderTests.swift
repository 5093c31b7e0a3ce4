import HLS
import Testing

@Suite struct FrameHeaderTests {
  @Test(
    arguments: [
      // ISO/IEC 11172-3 §2.4.1.3: sync, MPEG-1 Layer III without CRC; bit rate and sample rate indices; mode.
      ([0xFF, 0xFB, 0x94, 0x44], 128, 48_000, 2, 384),
      ([0xFF, 0xFB, 0x90, 0x64], 128, 44_100, 2, 417),
      ([0xFF, 0xFB, 0x92, 0x64], 128, 44_100, 2, 418),
      ([0xFF, 0xFB, 0x18, 0xC4], 32, 32_000, 1, 144),
      ([0xFF, 0xFA, 0xE8, 0x04], 320, 32_000, 2, 1440),
    ] as [([UInt8], Int, Int, Int, Int)])
  func `reads what the four octets say`(octets: [UInt8], bitrate: Int, sampleRate: Int, channels: Int, length: Int)
    throws
  {
    let header = try #require(FrameHeader(octets, at: 0))
    #expect(header.bitrate == bitrate)
    #expect(header.sampleRate == sampleRate)
    #expect(header.channels == channels)
    #expect(header.length == length)
  }

  @Test(
    arguments: [
      [0xFF, 0xFB, 0x94], [0x49, 0x44, 0x33, 0x04], [0xFF, 0xF3, 0x94, 0x44], [0xFF, 0xFD, 0x94, 0x44],
      [0xFF, 0xFB, 0x04, 0x44], [0xFF, 0xFB, 0xF4, 0x44], [0xFF, 0xFB, 0x9C, 0x44],
    ] as [[UInt8]])
  func `refuses what is cut off, another layer or version, free, forbidden or reserved`(octets: [UInt8]) {
    #expect(FrameHeader(octets, at: 0) == nil)
  }
}

@Suite struct FrameRunTests {
  @Test func `counts whole frames up to the end`() {
    #expect(FrameRun(Frames.silence(3), from: 0)?.frames == 3)
    #expect(FrameRun([1, 2, 3] + Frames.silence(2), from: 3)?.frames == 2)
  }

  @Test func `refuses frames that are cut off, damaged, mixed or none`() {
    #expect(FrameRun(Frames.silence(3).dropLast(), from: 0) == nil)
    #expect(FrameRun(Frames.silence(3) + [0], from: 0) == nil)
    #expect(FrameRun([UInt8](repeating: 0, count: 384), from: 0) == nil)
    #expect(
      FrameRun(Frames.silence(1) + Frames.silence(1, header: [0xFF, 0xFB, 0x90, 0x64], length: 417), from: 0) == nil)
    #expect(FrameRun([], from: 0) == nil)
  }
}
