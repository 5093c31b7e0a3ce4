import Audio
import Testing

@Suite struct M3UTests {
  private func list(_ text: String, atMost limit: Int = 100) -> M3U {
    M3U(Array(text.utf8), folder: "music", atMost: limit)
  }

  @Test func `a path is relative to the playlist, and the line before names its title`() {
    let text = "\u{FEFF}#EXTM3U\r\n#EXTINF:12,Band - Song, live\r\na b.flac\r\n\r\n# a comment\r\n/else/c.mp3 \r\n"
    #expect(
      list(text).files == [
        ListedFile(path: "music/a b.flac", title: "Band - Song, live"), ListedFile(path: "/else/c.mp3"),
      ])
  }

  @Test func `a URL is counted and not played, and its title is not the next file's`() {
    let found = list("#EXTINF:1,Far\nhttp://host/a.mp3\nb.mp3\nFILE:///c.mp3\nd://\n1x://e\n")
    #expect(found.files == [ListedFile(path: "music/b.mp3"), ListedFile(path: "music/1x://e")])
    #expect(found.urls == 3)
  }

  @Test func `a text that is not UTF-8 is Latin-1`() {
    let found = M3U([0x53, 0x74, 0x72, 0x61, 0xDF, 0x65, 0x0A], folder: ".", atMost: 9)
    #expect(found.files == [ListedFile(path: "./Straße")])
  }

  @Test func `more files than the limit are left out`() {
    #expect(list("a\nb\n", atMost: 2).isCut == false)
    let found = list("a\nb\nc\n", atMost: 2)
    #expect(found.isCut && found.files.count == 2)
  }

  @Test func `a file's name is its title where nothing else is`() {
    #expect(ListedFile(path: "/a.b/c d.e.flac").name == "c d.e")
    #expect(ListedFile(path: "plain").name == "plain")
    #expect(ListedFile(path: "x/.hidden").name == ".hidden")
  }

  @Test func `a separator counts with a combining mark behind it`() {
    #expect(list("/\u{0619}a.mp3").files == [ListedFile(path: "/\u{0619}a.mp3")])
    #expect(list("#\u{0301}no file").files.isEmpty)
    #expect(list("http:/\u{0301}/x").files.count == 1 && list("http://\u{0301}x").urls == 1)
    #expect(list("#EXTINF:1,\u{0301}t\na").files == [ListedFile(path: "music/a", title: "\u{0301}t")])
    #expect(ListedFile(path: "/a/\u{0301}b.\u{0301}c").name == "\u{0301}b")
  }
}
