import Core
import HLS
import Testing

@testable import Live

@Suite struct MetadataContentTests {
  @Test(arguments: [
    (#"{"title":"Für Elise","artist":"L. v. Beethoven"}"#, "Für Elise", "L. v. Beethoven"),
    (#"{ "artist": null, "title": "\u004eews" }"#, "News", nil), (#"{"artist":"Ravel"}"#, nil, "Ravel"),
    ("{}", nil, nil), (#"{"title":" "}"#, nil, nil),
  ])
  func `says what plays`(content: String, title: String?, artist: String?) throws {
    let playing = try NowPlaying(content: Array(content.utf8))
    #expect(playing.title == title && playing.artist == artist)
  }

  @Test(arguments: [
    ("", "not JSON from byte 0 on"), ("title=Bolero", "not JSON from byte 1 on"),
    (#"["Bolero"]"#, "it must be an object"),
    (#"{"titel":"Bolero"}"#, "it must have one title and one artist at the most, and nothing else"),
    (#"{"title":null,"title":"b"}"#, "it must have one title and one artist at the most, and nothing else"),
    (#"{"title":7}"#, "title: it must be a string or null"),
    (
      #"{"artist":"a\nb"}"#,
      "artist: it must be at most 256 bytes of UTF-8, without line breaks and control characters"
    ),
  ])
  func `or why it does not`(content: String, reason: String) {
    #expect(throws: NowPlaying.Unreadable(description: reason)) { try NowPlaying(content: Array(content.utf8)) }
  }

  @Test func `is written as it is read`() throws {
    let playing = try NowPlaying(title: #"The "Emperor""#, artist: nil)
    #expect(playing.json.text == #"{"title":"The \"Emperor\"","artist":null}"#)
    #expect(try NowPlaying(content: Array(playing.json.text.utf8)) == playing)
  }
}
