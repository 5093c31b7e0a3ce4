import Codec
import HLS
import Testing

@Suite struct SegmentNameTests {
  @Test(arguments: [
    ("12.0.mp3", 12, 0), ("434822680.15.mp3", 434_822_680, 15),
  ])
  func `a part's name is read back`(text: String, sequence: Int, index: Int) throws {
    let name = try #require(SegmentName(text, of: .mp3))
    #expect(name == SegmentName(sequence, part: index, of: .mp3))
    #expect((name.sequence, name.part) == (sequence, index))
    #expect("\(name)" == text)
  }

  @Test(arguments: [("1.mp3", 1), ("434822680.mp3", 434_822_680), ("999999999999999.mp3", 999_999_999_999_999)])
  func `a segment's name is read back`(text: String, sequence: Int) throws {
    let name = try #require(SegmentName(text, of: .mp3))
    #expect(name == SegmentName(sequence, of: .mp3))
    #expect(name.part == nil && "\(name)" == text)
  }

  @Test(arguments: [
    "12.00.mp3", "12.-1.mp3", "12.+1.mp3", "012.1.mp3", "0.1.mp3", "12.1.2.mp3", ".1.mp3", "12..mp3", "12.1.MP3",
    "0.mp3", "012.mp3", "+12.mp3", "-12.mp3", "12.MP3", "12", "12.", ".mp3", "twelve.mp3", "1000000000000000.mp3",
    "12.1.aac", "12.aac", "",
  ])
  func `no other spelling is a name`(text: String) {
    #expect(SegmentName(text, of: .mp3) == nil)
  }
}
