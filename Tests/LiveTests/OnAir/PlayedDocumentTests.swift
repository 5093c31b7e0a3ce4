import Core
import HLS
import Testing

@testable import Live

@Suite struct PlayedDocumentTests {
  @Test func `the document is read as it was written`() throws {
    var played = PlayedTitles()
    let text = "</script>\"\u{7}<b>"
    played.note([
      DateRange(playing: NowPlaying(mending: text, artist: "x"), start: WallTime(microseconds: 1_000_000)),
      DateRange(playing: NowPlaying(mending: nil, artist: "y"), start: WallTime(microseconds: 2_500_000)),
    ])
    let json = PlayedDocument.json(played).text
    #expect(json.hasPrefix(#"{"titles":[{"title":null,"artist":"y","start":"1970-01-01T00:00:02.500Z"},"#))
    #expect(PlayedDocument.titles(Array(json.utf8))?.titles == played.titles)
  }

  @Test func `other texts are no document, and an entry that is no title is left out`() throws {
    for text in ["", "[]", "{}", #"{"titles":{}}"#, #"{"titles":["#] {
      #expect(PlayedDocument.titles(Array(text.utf8)) == nil)
    }
    let long = String(repeating: "a", count: 300)
    let entries = [
      "7", #"{"title":"a"}"#, #"{"title":"a","start":"now"}"#, #"{"start":"1970-01-01T00:00:01.000Z"}"#,
      #"{"title":"\#(long)","start":"1970-01-01T00:00:01.000Z"}"#,
      #"{"title":"a","artist":null,"start":"1970-01-01T00:00:01.000Z"}"#,
    ]
    let read = try #require(PlayedDocument.titles(Array(#"{"titles":[\#(entries.joined(separator: ","))]}"#.utf8)))
    #expect(read.titles.map(\.playing.title) == ["a"])
  }
}
