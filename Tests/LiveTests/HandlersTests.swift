import HTTP
import Testing

@testable import Live

/// The handlers of a real stream, asked directly and over a socket.
@Suite struct HandlersTests {
  private let temporary = TemporaryFolder()

  /// Runs a tone for the time of `body`.
  private func run(_ body: (Handlers) throws -> Void) throws {
    try Folder("\(temporary.path)/web").create()
    try Folder("\(temporary.path)/web").replace("index.html", Array("<p>".utf8))
    var configuration = Configuration()
    configuration.source = .tone
    configuration.soundDirectory = temporary.path
    let stream = try LiveStream.start(configuration, log: Log(level: .error), onChange: { _ in }, onEnd: {})
    defer { stream.stop() }
    try body(Handlers(streams: [stream], files: try StaticFiles(directory: "\(temporary.path)/web")))
  }

  private func answer(_ handlers: Handlers, _ path: String, method: Request.Method = .get, waited: Int = 0) -> Response?
  {
    guard case .respond(let response) = handlers.reply(to: Request(method: method, path: path), waited: waited) else {
      return nil
    }
    return response
  }

  @Test func `each path is answered by what it names`() throws {
    try run { handlers in
      #expect(answer(handlers, "/")?.header("Content-Type") == "text/html; charset=utf-8")
      let description = try #require(answer(handlers, "/live.json"))
      let text = String(decoding: description.content, as: UTF8.self)
      #expect(text.hasPrefix(#"{"stream":"live","source":"tone","bitrate":128000,"sampleRate":48000,"#))
      #expect(description.header("Cache-Control") == "no-store")
      for path in ["/hall.m3u8", "/hall-ll.m3u8", "/hall/1.mp3", "/hall.json", "/etc/passwd"] {
        #expect(answer(handlers, path)?.status == 404)
      }
      #expect(answer(handlers, "/live/1.mp3")?.status ?? 404 == 404)
      #expect(answer(handlers, "/live.m3u8", method: .other("PUT"))?.status == 405)
    }
  }

  @Test func `before the first segment its playlist is held, and refused when that takes too long`() throws {
    try run { handlers in
      #expect(answer(handlers, "/live.m3u8") == nil)
      let late = try #require(answer(handlers, "/live.m3u8", waited: 6_000_000_000))
      #expect(late.status == 503 && late.header("Retry-After") == "1")
      #expect(answer(handlers, "/live.m3u8", method: .options)?.status == 204)
    }
  }
}
