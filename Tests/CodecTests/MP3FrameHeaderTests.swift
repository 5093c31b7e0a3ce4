import Codec
import Testing

@Suite struct MP3FrameHeaderTests {
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
    let header = try #require(MP3FrameHeader(octets, at: 0))
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
    #expect(MP3FrameHeader(octets, at: 0) == nil)
  }

  @Test func `a frame whose main data begins in the frame itself leans on none before it`() throws {
    // Without a CRC the side information comes at once; with a CRC, two octets later.
    for (head, place) in [([0xFF, 0xFB, 0x94, 0x00] as [UInt8], 4), ([0xFF, 0xFA, 0x94, 0x00], 6)] {
      let header = try #require(MP3FrameHeader(head, at: 0))
      var frame = head + [UInt8](repeating: 0, count: 40)
      #expect(header.isFirstOfReservoir(frame, at: 0))
      frame[place] = 1
      #expect(!header.isFirstOfReservoir(frame, at: 0))
      (frame[place], frame[place + 1]) = (0, 0x80)
      #expect(!header.isFirstOfReservoir(frame, at: 0))
      #expect(!header.isFirstOfReservoir(head, at: 0))
    }
  }
}
