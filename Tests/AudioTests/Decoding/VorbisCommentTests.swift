import Testing

@testable import Audio

private func header(_ comments: [String], count: Int? = nil) -> [UInt8] {
  func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 0xFF) } }
  let vendor = Array("made up".utf8)
  return number(vendor.count) + vendor + number(count ?? comments.count)
    + comments.flatMap { number($0.utf8.count) + Array($0.utf8) }
}

@Suite struct VorbisCommentTests {
  @Test func `the first title and the first artist count, whatever the case of the name`() {
    let tags = VorbisComment.tags(in: header(["Album=X", "title=A=B", "ARTIST=C", "TITLE=D", "no value"]))
    #expect(tags == SoundTags(title: "A=B", artist: "C"))
  }

  @Test func `a header that ends early gives the tags before its end`() {
    let whole = header(["TITLE=A", "ARTIST=B"])
    for count in 0..<whole.count {
      let tags = VorbisComment.tags(in: whole.prefix(count))
      #expect(tags.artist == nil)
      #expect(tags.title == nil || tags.title == "A")
    }
  }

  @Test func `a header that claims more than it has is read to its end`() {
    #expect(VorbisComment.tags(in: header(["TITLE=A"], count: Int(UInt32.max))).title == "A")
    #expect(VorbisComment.tags(in: [0xFF, 0xFF, 0xFF, 0xFF, 1]) == SoundTags())
  }
}
