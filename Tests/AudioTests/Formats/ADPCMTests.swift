import Audio
import Testing

@Suite struct ADPCMTests {
  private func decoded(_ adpcm: ADPCM, _ block: [UInt8]) -> [Int32] {
    var frames: [Int32] = []
    block.withUnsafeBytes { adpcm.decode($0, into: &frames) }
    return frames.map { $0 >> 16 }
  }

  @Test func `a block of IMA is its first sample and a nibble for each one that follows, the lower first`() throws {
    let adpcm = try #require(ADPCM(.ima, channels: 1, blockLength: 8))
    #expect(adpcm.framesPerBlock == 9)
    // Step 7: 7/8 + 7 + 7/2 + 7/4; then step 16: minus 16/8; then nothing but 15/8, 14/8 and so on.
    let frames = decoded(adpcm, [100, 0, 0, 0, 0x87, 0x00, 0x00, 0x00])
    #expect(frames.count == 9 && Array(frames[..<3]) == [100, 111, 109])
  }

  @Test func `the channels of IMA come four bytes at a time`() throws {
    let adpcm = try #require(ADPCM(.ima, channels: 2, blockLength: 16))
    let frames = decoded(adpcm, [100, 0, 0, 0, 200, 0, 0, 0] + [7, 0, 0, 0] + [0x0F, 0, 0, 0])
    #expect(Array(frames[..<4]) == [100, 200, 111, 189])
    #expect(frames.count == 2 * adpcm.framesPerBlock)
  }

  @Test func `a block of Microsoft's is its first two samples and a nibble for each one that follows, the upper first`()
    throws
  {
    let adpcm = try #require(ADPCM(.microsoft, channels: 1, blockLength: 8))
    #expect(adpcm.framesPerBlock == 4)
    // The predictor 0 repeats the last sample; the step of 16 does not shrink.
    #expect(decoded(adpcm, [0, 16, 0, 100, 0, 90, 0, 0x1F]) == [90, 100, 116, 100])
  }

  @Test func `any bytes are sound of the right length`() throws {
    for (kind, channels, length) in [(ADPCM.Kind.ima, 2, 1024), (.microsoft, 2, 1024), (.microsoft, 1, 7)] {
      let adpcm = try #require(ADPCM(kind, channels: channels, blockLength: length))
      let block = (0..<length).map { UInt8(truncatingIfNeeded: 255 &- $0 &* 7919) }
      #expect(decoded(adpcm, block).count == adpcm.framesPerBlock * channels)
    }
    #expect(ADPCM(.ima, channels: 2, blockLength: 1023) == nil && ADPCM(.microsoft, channels: 1, blockLength: 6) == nil)
  }
}
