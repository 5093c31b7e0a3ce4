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

@Suite struct MendedTitleTests {
  private func mended(_ text: String) -> String? { NowPlaying(mending: text, artist: nil).title }

  @Test(
    arguments: [
      ("a\tb", "a b"), ("a\r\nb", "a  b"), (" \u{1B} ", nil), ("a\u{85}b\u{2028}c\u{0}", "a b c"), ("Bolero", "Bolero"),
      ("", nil),
    ] as [(String, String?)])
  func `line breaks and control characters become spaces`(text: String, mended: String?) {
    #expect(self.mended(text) == mended)
  }

  @Test(arguments: [
    (255, "é", 255), (254, "é", 256), (250, "👨‍👩‍👧‍👦", 250), (231, "👨‍👩‍👧‍👦", 256), (256, "e\u{301}", 256),
  ])
  func `a text that is too long is cut between two characters`(letters: Int, character: String, bytes: Int) {
    let title = mended(String(repeating: "a", count: letters) + character + "bcdefghijklmnopqrstuvwxyz")
    #expect(title?.utf8.count == bytes)
    #expect(title == String(repeating: "a", count: letters) + (bytes > letters ? character : ""))
  }

  @Test func `a character of many accents is cut, too`() {
    #expect(mended("a" + String(repeating: "\u{301}", count: 300))?.utf8.count == 255)
  }

  @Test func `a mended title is a title`() throws {
    let title = mended(String(repeating: "\u{202E}é\t", count: 100))
    #expect(try NowPlaying(title: title, artist: nil).title == title)
  }
}

@Suite struct TitleDirectionTests {
  @Test(
    arguments: [
      // A right-to-left override that nothing closes would turn the artist round.
      ("a\u{202E}b", "ab"), ("\u{2066}a", "a"), ("a\u{202C}", "a"), ("a\u{2069}b", "ab"), ("\u{202E}", nil),
      // What is closed stays.
      ("\u{202E}a\u{202C}b", "\u{202E}a\u{202C}b"), ("\u{2067}שלום\u{2069}!", "\u{2067}שלום\u{2069}!"),
      ("\u{2068}\u{202B}a\u{202C}\u{2069}", "\u{2068}\u{202B}a\u{202C}\u{2069}"),
      // An override that only its isolate ends, and one end too many.
      ("\u{2068}\u{202E}a\u{2069}b", "\u{2068}a\u{2069}b"), ("\u{202E}a\u{202C}\u{202C}b", "\u{202E}a\u{202C}b"),
      ("\u{2066}a\u{202C}b\u{2069}", "\u{2066}ab\u{2069}"),
      // Marks change no direction after them.
      ("a\u{200F}b\u{200E}", "a\u{200F}b\u{200E}"),
    ] as [(String, String?)])
  func `a change of direction that is not closed is left out`(text: String, kept: String?) throws {
    #expect(try NowPlaying(title: text, artist: nil).title == kept)
    #expect(NowPlaying(mending: text, artist: nil).title == kept)
  }

  @Test func `a cut does not leave one open`() {
    let title = NowPlaying(
      mending: "\u{202E}" + String(repeating: "a", count: 300) + "\u{202C}", artist: nil
    ).title
    #expect(title == String(repeating: "a", count: 253))
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
