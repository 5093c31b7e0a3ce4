import Audio
import HLS
import HTTP
import Testing

@testable import Live

private func request(
  _ method: Request.Method = .put, _ path: String = "/live", _ headers: [(name: String, value: String)] = []
) -> Request {
  Request(method: method, path: path, headers: headers)
}

@Suite struct SourceRequestTests {
  @Test(arguments: ["/live", "/live.mp3", "/live.ogg", "/live.opus", "/live.flac"])
  func `SOURCE and PUT on a stream, with or without an ending, are those of source clients`(path: String) throws {
    for method in [Request.Method.put, .other("SOURCE")] {
      guard case .mount(let name, let ending) = try #require(SourcePath(request(method, path))) else {
        Issue.record("no mount")
        continue
      }
      #expect(name == .live)
      #expect(ending == (path == "/live" ? nil : String(path.dropFirst(6))))
    }
  }

  @Test(arguments: ["/live/metadata", "/live.m3u8", "/", "/Live!", "/live/1.mp3"])
  func `other paths keep their meaning`(path: String) {
    #expect(SourcePath(request(.put, path)) == nil)
  }

  @Test func `a title comes at one path only, which keeps the query of passwords out`() {
    #expect(SourcePath(request(.get, "/admin/metadata")) == .title)
    #expect(SourcePath(request(.get, "/admin.cgi")) == nil)
  }

  @Test func `listeners are no source clients`() {
    #expect(SourcePath(request(.get, "/live.mp3")) == nil)
  }

  @Test(
    arguments: [
      ("audio/mpeg", .taken(.mp3)), ("Application/Ogg; codecs=vorbis", .taken(.ogg)), ("audio/x-flac", .taken(.flac)),
      ("audio/aac", .refused(type: "audio/aac")), ("text/html", .refused(type: "text/html")),
    ] as [(String, SourceClient.Format)])
  func `the media type names the format`(type: String, format: SourceClient.Format) {
    #expect(SourceClient.Format(request(.put, "/live", [("Content-Type", type)]), ending: "mp3") == format)
  }

  @Test func `without a media type, the ending names the format, or the format is MP3`() {
    #expect(SourceClient.Format(request(), ending: nil) == .taken(.mp3))
    #expect(SourceClient.Format(request(), ending: "opus") == .taken(.ogg))
    #expect(SourceClient.Format(request(), ending: "flac") == .taken(.flac))
  }

  @Test func `a field that is long or has a control character is named`() {
    #expect(SourceClient.invalidField(of: request(.put, "/live", [("ice-name", "Anna")])) == nil)
    #expect(SourceClient.invalidField(of: request(.put, "/live", [("ice-name", "A\u{1B}[1m")])) == "Ice-Name")
    #expect(SourceClient.invalidField(of: request(.put, "/live", [("ice-name", "👩\u{200D}🎤")])) == nil)
    let long = String(repeating: "x", count: 1025)
    #expect(SourceClient.invalidField(of: request(.put, "/live", [("icy-genre", long)])) == "icy-Genre")
  }

  @Test(
    arguments: [
      ("mode=updinfo&mount=/live&song=A+-+B%21", "A - B!", nil),
      ("mount=%2Flive.mp3&mode=updinfo&title=B&artist=A", "B", "A"),
      ("mode=updinfo&mount=live.ogg&song=A", "A", nil), ("mode=updinfo&mount=/live&song=%C3%A4", "ä", nil),
      ("mode=updinfo&mount=/live&song=%E4", "ä", nil),
      ("mode=updinfo&mount=/live&song=%C3%A4&charset=ISO-8859-1", "Ã¤", nil),
      ("mode=updinfo&mount=/live&song=%E4&charset=UTF-8", "\u{FFFD}", nil),
      ("mode=updinfo&mount=/live&song=A%0AB", "A B", nil), ("mode=updinfo&mount=/live&song=", nil, nil),
    ] as [(String, String?, String?)])
  func `a title comes in the encoding that the client names, or in the likely one`(
    query: String, title: String?, artist: String?
  ) throws {
    let update = try TitleUpdate(Array(query.utf8))
    #expect(update.stream == .live)
    #expect(update.playing == NowPlaying(mending: title, artist: artist))
  }

  @Test(
    arguments: [
      ("", .mode), ("mode=kill&mount=/live&song=A", .mode), ("mode=updinfo&song=A", .mount),
      ("mode=updinfo&mount=..&song=A", .mount), ("mode=updinfo&mount=/live", .title),
    ] as [(String, TitleUpdate.Rejection)])
  func `an incomplete title is refused`(query: String, rejection: TitleUpdate.Rejection) {
    #expect(throws: rejection) { try TitleUpdate(Array(query.utf8)) }
  }
}
