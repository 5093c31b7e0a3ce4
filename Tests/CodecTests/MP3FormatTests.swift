import Codec
import Testing

@Suite struct MP3FormatTests {
  @Test(arguments: [
    (48_000, 48_000), (44_100, 44_100), (32_000, 32_000), (8000, 48_000), (16_000, 48_000), (22_050, 44_100),
    (96_000, 48_000), (88_200, 44_100), (176_400, 44_100), (64_000, 32_000), (50_000, 48_000),
  ])
  func `each source's rate has one of MPEG-1's that goes with it`(source: Int, expected: Int) {
    #expect(MP3Format.sampleRate(for: source) == expected)
  }
}
