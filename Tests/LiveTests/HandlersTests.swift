import HTTP
import Testing

@testable import Live

/// The handlers of a real stream, asked directly and over a socket.
@Suite struct HandlersTests {
  private let temporary = TemporaryFolder()

  /// Runs a tone for the time of `body`.
  private func run(_ token: Token? = nil, _ body: (Handlers) throws -> Void) throws {
    try Folder("\(temporary.path)/web").create()
    try Folder("\(temporary.path)/web").replace("index.html", Array("<p>".utf8))
    var configuration = Configuration()
    configuration.source = .tone
    // No segment is complete before a test is done, however busy the machine.
    configuration.segmentLength = 30_000_000
    configuration.soundDirectory = temporary.path
    configuration.listenToken = token
    let admission = try Admission(configuration)
    let stream = try LiveStream.start(
      configuration, for: admission.audience, log: Log(level: .error), onChange: { _ in }, onEnd: {})
    defer { stream.stop() }
    let files = try StaticFiles(directory: "\(temporary.path)/web")
    try body(Handlers(streams: [stream], files: files, admission: admission, isSecure: true))
  }

  private func answer(
    _ handlers: Handlers, _ path: String, method: Request.Method = .get, token: String? = nil, waited: Int = 0
  ) -> Response? {
    let request = Request(method: method, path: path, query: token.map { [(name: "token", value: $0)] } ?? [])
    guard case .respond(let response) = handlers.reply(to: request, waited: waited) else { return nil }
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

  @Test func `where a token is needed the page is there without, and nothing else that is or may be there`() throws {
    try run(Token("open-sesame")) { handlers in
      #expect(answer(handlers, "/")?.status == 200)
      let media = ["/live.m3u8", "/live-ll.m3u8", "/live/1.mp3", "/live/1.0.mp3"]
      for path in media + ["/live.json", "/hall.m3u8", "/hall.json", "/hall/1.mp3"] {
        for token in [nil, "", "open-sesamf", "open-sesame1"] {
          let refusal = try #require(answer(handlers, path, token: token))
          #expect(refusal.status == 401)
          #expect(refusal.header("WWW-Authenticate") == "Bearer realm=\"ringcast\"")
          #expect(refusal.header("Cache-Control") == "no-store" && refusal.header("Set-Cookie") == nil)
        }
        #expect(answer(handlers, path, token: "open-sesame")?.status != 401)
      }
      let preflight = try #require(answer(handlers, "/live.json", method: .options))
      #expect(preflight.status == 204)
      #expect(preflight.header("Access-Control-Allow-Headers")?.contains("Authorization") == true)
    }
  }

  @Test func `who came with a token gets it as a cookie`() throws {
    try run(Token("open-sesame")) { handlers in
      let description = try #require(answer(handlers, "/live.json", token: "open-sesame"))
      #expect(
        description.header("Set-Cookie")
          == "ringcast=open-sesame; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure")
    }
  }

  @Test func `where none is needed nobody gets one`() throws {
    try run { handlers in
      let description = try #require(answer(handlers, "/live.json", token: "open-sesame"))
      #expect(description.status == 200 && description.header("Set-Cookie") == nil)
    }
  }

  @Test func `before the first segment its playlist is held, and refused when that takes too long`() throws {
    try run { handlers in
      #expect(answer(handlers, "/live.m3u8") == nil)
      let late = try #require(answer(handlers, "/live.m3u8", waited: 90_000_000_000))
      #expect(late.status == 503 && late.header("Retry-After") == "1")
      #expect(answer(handlers, "/live.m3u8", method: .options)?.status == 204)
    }
  }
}
