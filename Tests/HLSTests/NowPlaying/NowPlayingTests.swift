import Core
import HLS
import Testing

@Suite struct NowPlayingTests {
  @Test func `is a title and an artist, either of which may be missing`() throws {
    #expect(try NowPlaying(title: "Bolero", artist: "Maurice Ravel").line == "Maurice Ravel - Bolero")
    #expect(try NowPlaying(title: "News", artist: nil).line == "News")
    #expect(try NowPlaying(title: nil, artist: "Maurice Ravel").line == "Maurice Ravel")
    #expect(NowPlaying.nothing.line == "")
  }

  @Test func `white space at the ends is left out, and what is empty is missing`() throws {
    let playing = try NowPlaying(title: " Bolero\u{a0} ", artist: " \u{3000}")
    #expect(playing.title == "Bolero" && playing.artist == nil)
    #expect(try NowPlaying(title: "", artist: "  ") == .nothing)
  }

  @Test(arguments: ["a\nb", "a\u{0}", "\u{1B}[31m", "a\u{7F}b", "a\u{85}b", "a\u{9F}b", "a\u{2028}b", "a\u{2029}b"])
  func `line breaks and control characters are refused`(text: String) {
    #expect(throws: NowPlaying.Mistake(name: "title")) { try NowPlaying(title: text, artist: nil) }
    #expect(throws: NowPlaying.Mistake(name: "artist")) { try NowPlaying(title: "Bolero", artist: text) }
  }

  @Test func `so is what is too long, in bytes`() throws {
    let longest = String(repeating: "ä", count: 128)
    #expect(try NowPlaying(title: longest, artist: longest).title == longest)
    #expect(throws: NowPlaying.Mistake(name: "title")) { try NowPlaying(title: longest + "a", artist: nil) }
  }

  @Test func `a mistake says what is wrong with which`() {
    #expect(
      "\(NowPlaying.Mistake(name: "artist"))"
        == "artist: it must be at most 256 bytes of UTF-8, without line breaks and control characters")
  }
}

@Suite struct DateRangeTests {
  @Test func `a quotation mark in an attribute would end it, and stands as another one`() throws {
    let playing = try NowPlaying(title: #"The "Emperor", X-ARTIST="A""#, artist: nil)
    let range = DateRange(playing: playing, start: WallTime(microseconds: 0))
    #expect(range.attributes.hasSuffix(#",END-ON-NEXT=YES,X-TITLE="The ”Emperor”, X-ARTIST=”A”""#))
  }

  @Test func `so does one with an accent upon it`() throws {
    let playing = try NowPlaying(title: "a\"\u{301}b\"\u{5AC}", artist: "\"\u{200D}")
    let range = DateRange(playing: playing, start: WallTime(microseconds: 0))
    #expect(range.attributes.utf8.count { $0 == UInt8(ascii: "\"") } == 10)
    #expect(range.attributes.hasSuffix("X-TITLE=\"a”\u{301}b”\u{5AC}\",X-ARTIST=\"”\u{200D}\""))
  }
}
