import Codec
import Testing

@Suite struct RenditionTests {
  private let rendition = Rendition(codec: .mp3, sampleRate: 44_100, channels: 2, kilobitsPerSecond: 128)

  @Test func `its longest frame is the one with a byte of padding`() {
    // 144 × 128000 / 44100 = 417.96: frames have 417 or 418 bytes.
    #expect(rendition.longestFrame == 418)
  }

  @Test func `a duration is so many samples and bytes, rounded down, and frames are a duration`() {
    #expect(rendition.samples(in: .milliseconds(1)) == 44)
    #expect(rendition.samples(in: .seconds(3600)) == 158_760_000)
    #expect(rendition.bytes(in: .milliseconds(2_500)) == 40_000)
    #expect(rendition.duration(frames: 441) == .milliseconds(11_520))
  }
}
