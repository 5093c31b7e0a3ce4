import Core
import HTTP
import Logging
import System
import Testing

@testable import Live

/// The handlers of a real stream, asked directly and over a socket.
@Suite struct HandlersTests {
  private let temporary = TemporaryFolder()

  /// Runs a tone for the time of `body`.
  private func run(
    _ token: Token? = nil, operators: Token? = nil, at endpoint: Endpoint = .listeners, isPrivate: Bool = false,
    streams count: Int = 1, _ identity: Identity = Identity(), _ body: (Handlers) throws -> Void
  ) throws {
    try Folder("\(temporary.path)/web").create()
    let web = Folder("\(temporary.path)/web")
    for name in ["index", "station"] {
      try web.replace("\(name).html", Array("<head><title>ringcast</title></head><p>\(name)".utf8))
    }
    try web.replace("ringcast.webmanifest", Array(#"{"name":"ringcast","short_name":"ringcast"}"#.utf8))
    var settings = StationSettings()
    settings.identity = identity
    settings.streams[0].source = .tone
    // No segment is complete before a test is done, however busy the machine.
    settings.streams[0].segmentLength = .seconds(30)
    settings.streams[0].soundDirectory = temporary.path
    for number in 1..<count {
      settings.streams.append(settings.streams[0])
      settings.streams[number].name = try StreamName("hall\(number)")
    }
    settings.access.listenToken = token
    settings.operators.token = operators
    let log = Log(level: .error)
    let tokens = try TokenGate(settings.access, log: log)
    let audience = isPrivate ? Audience(caches: .all, crossOrigin: []) : token == nil ? .everybody : .tokenHolders
    let running = try settings.streams.map { stream in
      try StreamBuilder(stream, for: audience, log: log).start(onChange: { _ in }, onEnd: { _ in })
    }
    defer { for stream in running { stream.stop() } }
    let files = try StaticFiles(directory: "\(temporary.path)/web")
    let made = TokenGate(.operators, only: try #require(Token("made-by-itself")), log: log)
    let gates = Gates(
      origins: OriginGates(
        listeners: OriginGate(listeners: settings, isPrivate: isPrivate),
        operators: OriginGate(operators: settings, isLocal: false)),
      listeners: ListenerGates(tokens), port: 8080,
      operators: OperatorGate(
        try OperatorGate.tokens(settings.operators, log: log) ?? made, areChosen: operators != nil, at: endpoint,
        port: 9090, isLocal: false),
      spelling: { "--\($0.rawValue)" })
    let (streams, audiences) = (StreamDirectory(running), Audiences(settings.streams))
    let reports = StationReports(log: log) {
      StationSnapshot(
        start: Start(), server: Server.Figures(), streams: streams, audiences: audiences, lostLines: nil)
    }
    reports.sample()
    let pages = Replaceable(StationPages(files, settings, try Faces(settings), isPrivate: isPrivate))
    try body(
      Handlers(
        streams: streams, pages: pages,
        station: StationDocument(
          settings.identity, pages, streams, audiences, gates, crossOrigin: audience.crossOrigin),
        gates: gates, reports: reports,
        audiences: audiences))
  }

  private func answer(
    _ handlers: Handlers, _ path: String, method: Request.Method = .get, token: String? = nil,
    through door: Endpoint = .listeners, waited: Int = 0, host: String = "127.0.0.1", origin: String? = nil,
    stream: String? = nil
  ) -> Response? {
    let request = Request(
      method: method, path: path,
      query: [("token", token), ("stream", stream)].compactMap { name, value in value.map { (name: name, value: $0) } },
      headers: [(name: "Host", value: host)] + (origin.map { [(name: "Origin", value: $0)] } ?? []),
      client: Client(isSecure: true))
    guard case .respond(let response) = handlers.reply(to: request, through: door, waited: waited) else { return nil }
    return response
  }

  @Test func `each path is answered by what it names`() throws {
    try run { handlers in
      #expect(answer(handlers, "/")?.header("Content-Type") == "text/html; charset=utf-8")
      let description = try #require(answer(handlers, "/live.json"))
      let text = String(decoding: description.content, as: UTF8.self)
      #expect(text.hasPrefix(#"{"stream":"live","source":"tone","bitrate":128000,"sampleRate":48000,"#))
      #expect(description.header("Cache-Control") == "public, max-age=0, s-maxage=1")
      for path in [
        "/hall.m3u8", "/hall-ll.m3u8", "/hall.mp3", "/hall/1.mp3", "/hall.json", "/hall.m3u", "/hall.pls",
        "/etc/passwd",
      ] {
        #expect(answer(handlers, path)?.status == 404)
      }
      #expect(answer(handlers, "/live/1.mp3")?.status ?? 404 == 404)
      #expect(answer(handlers, "/live.m3u8", method: .other("PUT"))?.status == 405)
    }
  }

  @Test func `a request for the next picture is held for the pictures of its stream, and not for the sound`() throws {
    try run(streams: 2) { handlers in
      let channels = ["live", "hall1"].map { name -> Int? in
        let request = Request(
          method: .get, path: "/\(name)/pictures/0.json", headers: [(name: "Host", value: "127.0.0.1")])
        guard case .holdFor(let channel) = handlers.reply(to: request, through: .listeners, waited: 0) else {
          return nil
        }
        return channel
      }
      // Behind those of the two streams, and of the sixteen that may be added.
      #expect(channels == [18, 19])
    }
  }

  @Test func `several streams have a page of the station, and one each`() throws {
    try run(streams: 2) { handlers in
      func text(_ path: String, stream: String? = nil) -> String {
        String(decoding: answer(handlers, path, stream: stream)?.content ?? [], as: UTF8.self)
      }
      #expect(text("/").hasSuffix("station"))
      #expect(text("/", stream: "hall1").contains(#"name="ringcast-stream" content="hall1""#))
      #expect(text("/hall1").contains(#"name="ringcast-stream" content="hall1""#))
      #expect(text("/live").hasSuffix("index"))
      #expect(answer(handlers, "/hall2")?.status == 404)
      #expect(answer(handlers, "/hall1", through: .operators)?.status == 404)
      #expect(answer(handlers, "/hall1", method: .put)?.status == 405)
      let document = try #require(answer(handlers, "/station.json"))
      #expect(document.header("Cache-Control") == "no-cache" && document.header("ETag") != nil)
      #expect(document.header("Access-Control-Allow-Origin") == "*")
      let station = String(decoding: document.content, as: UTF8.self)
      let texts = #""description":null,"genre":null,"homepage":null,"logo":null,"accent":null,"streams":[{"#
      #expect(station.hasPrefix(#"{"name":"ringcast","# + texts))
      #expect(station.contains(#""page":"hall1","playlist":"hall1.m3u8","low_latency_playlist":"hall1-ll.m3u8""#))
    }
  }

  @Test func `a private port tells its names to this machine only`() throws {
    var identity = Identity()
    try identity.set(name: "Radio Example")
    try run(isPrivate: true, streams: 2, identity) { handlers in
      for path in ["/", "/index.html", "/station.html", "/ringcast.webmanifest", "/live", "/station.json"] {
        let own = try #require(answer(handlers, path))
        #expect(String(decoding: own.content, as: UTF8.self).contains("Radio Example"))
        for (host, origin) in [("rebound.example", nil), ("localhost", "https://any.example")] {
          let foreign = try #require(answer(handlers, path, host: host, origin: origin))
          #expect(!String(decoding: foreign.content, as: UTF8.self).contains("Radio"))
          #expect(foreign.status == (["/live", "/station.json"].contains(path) ? 403 : 200))
        }
      }
    }
  }

  @Test func `a stream whose token is not shown is listed without its addresses`() throws {
    try run(Token("open-sesame")) { handlers in
      let text = { (token: String?) in
        String(decoding: answer(handlers, "/station.json", token: token)?.content ?? [], as: UTF8.self)
      }
      #expect(text(nil).contains(#""private":true"#) && !text(nil).contains("m3u8") && !text(nil).contains("playing"))
      #expect(text("open-sesame").contains(#""playlist":"live.m3u8""#) && !text("open-sesame").contains("private"))
      let document = try #require(answer(handlers, "/station.json"))
      #expect(document.header("Cache-Control") == "private, no-cache")
      #expect(document.header("Vary") == "Authorization, Cookie")
    }
  }

  @Test func `the https address is told on the listeners' port, and to no page of another site`() throws {
    try run(Token("open-sesame"), at: .operators) { handlers in
      let told = answer(handlers, "/secure.json", host: "localhost:80")?.content
      #expect(told == Array(#"{"url":"https://localhost:80/"}"#.utf8))
      #expect(answer(handlers, "/secure.json", through: .operators, host: "localhost")?.status == 404)
      let foreign = answer(handlers, "/secure.json", origin: "https://any.example")
      #expect(foreign?.header("Access-Control-Allow-Origin") == nil)
    }
  }

  @Test func `the https address of a private port is told to this machine only`() throws {
    try run(isPrivate: true) { handlers in
      #expect(answer(handlers, "/secure.json", origin: "https://any.example")?.status == 403)
      #expect(answer(handlers, "/secure.json", host: "rebound.example")?.status == 403)
    }
  }

  @Test(arguments: [
    "/rooms", "/rooms/", "/rooms/list.json", "/rooms/hall", "/rooms/hall/socket", "/rooms/room.html", "/studio",
    "/studio/", "/studio/live", "/studio/studio.html", "/studio.json",
  ])
  func `a station without rooms has no path for them`(path: String) throws {
    try run { handlers in
      for method in [Request.Method.get, .head, .other("POST")] {
        #expect(answer(handlers, path, method: method)?.status == 404)
      }
    }
  }

  @Test func `where a token is needed the page is there without, and nothing else that is or may be there`() throws {
    try run(Token("open-sesame")) { handlers in
      #expect(answer(handlers, "/")?.status == 200)
      let media = ["/live.m3u8", "/live-ll.m3u8", "/live.mp3", "/live/1.mp3", "/live/1.0.mp3"]
      for path in media + ["/live.json", "/hall.m3u8", "/hall.json", "/hall/1.mp3"] {
        for token in [nil, "", "open-sesamf", "open-sesame1"] {
          let refusal = try #require(answer(handlers, path, token: token))
          #expect(refusal.status == 401)
          #expect(refusal.header("WWW-Authenticate") == "Bearer realm=\"ringcast\"")
          #expect(refusal.header("Cache-Control") == "no-store" && refusal.header("Set-Cookie") == nil)
        }
        #expect(answer(handlers, path, token: "open-sesame")?.status != 401)
      }
      #expect(answer(handlers, "/live.json", token: "open-sesame")?.header("Cache-Control") == "no-store")
      let preflight = try #require(answer(handlers, "/live.json", method: .options))
      #expect(preflight.status == 204)
      #expect(preflight.header("Access-Control-Allow-Headers")?.contains("Authorization") == true)
    }
  }

  @Test func `a request for the options of a resource tells nothing without a token`() throws {
    try run(Token("open-sesame")) { handlers in
      func options(_ path: String) throws -> [String] {
        let reply = try #require(answer(handlers, path, method: .options, origin: "https://any.example"))
        return ["\(reply.status)"] + reply.headers.map { "\($0.name): \($0.value)" }
      }
      let media = try options("/live.m3u8")
      #expect(media.contains("Access-Control-Allow-Origin: *") && media[0] == "204")
      for path in ["/live-ll.m3u8", "/live.mp3", "/live/1.mp3", "/live/9999999.0.mp3", "/hall.m3u8", "/hall.json"] {
        #expect(try options(path) == media, "\(path)")
      }
      #expect(try options("/live/metadata") == options("/hall/metadata"))
      #expect(try options("/live/metadata").contains("Allow: GET, HEAD, OPTIONS, PUT"))
    }
  }

  @Test func `a player is asked for a user and a password, and a browser is not`() throws {
    try run(Token("open-sesame")) { handlers in
      func challenges(_ agent: String) -> [String] {
        let request = Request(method: .get, path: "/live.m3u8", headers: [(name: "User-Agent", value: agent)])
        guard case .respond(let answer) = handlers.reply(to: request, through: .listeners, waited: 0) else { return [] }
        return answer.headers.filter { $0.name == "WWW-Authenticate" }.map(\.value)
      }
      #expect(
        challenges("VLC/3.0.20")
          == ["Bearer realm=\"ringcast\"", "Basic realm=\"ringcast\", charset=\"UTF-8\""])
      #expect(challenges("Mozilla/5.0 (X11; Linux) Firefox/140.0") == ["Bearer realm=\"ringcast\""])
    }
  }

  @Test func `who came with a token gets it as a cookie`() throws {
    try run(Token("open-sesame")) { handlers in
      let description = try #require(answer(handlers, "/live.json", token: "open-sesame"))
      #expect(String(decoding: description.content, as: UTF8.self).contains(#","needsToken":true,"#))
      #expect(
        description.header("Set-Cookie")
          == "__Host-ringcast-8080=open-sesame; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure")
    }
  }

  @Test func `who asks for the station with a token gets it as a cookie, and no cache keeps the answer`() throws {
    try run(Token("open-sesame"), streams: 2) { handlers in
      let kept = try #require(answer(handlers, "/station.json", token: "open-sesame"))
      #expect(kept.headers.filter { $0.name == "Set-Cookie" }.count == 1)
      #expect(kept.header("Set-Cookie")?.hasPrefix("__Host-ringcast-8080=open-sesame; ") == true)
      #expect(kept.header("Cache-Control") == "private, no-store")
      let refused = try #require(answer(handlers, "/station.json", token: "wrong-sesame"))
      #expect(refused.header("Set-Cookie") == nil)
      #expect(refused.header("Cache-Control") == "private, no-cache")
    }
  }

  @Test func `both addresses of the front page take the name of a stream, and an empty name is none`() throws {
    try run(streams: 2) { handlers in
      func text(_ path: String, _ stream: String?) -> String {
        String(decoding: answer(handlers, path, stream: stream)?.content ?? [], as: UTF8.self)
      }
      for path in ["/", "/index.html"] { #expect(text(path, "hall1").contains("content=\"hall1\"")) }
      #expect(text("/", "").hasSuffix("station"))
      #expect(text("/", "") == text("/", nil))
      #expect(text("/index.html", "") == text("/index.html", nil))
      #expect(!text("/index.html", "tower").contains("ringcast-stream"))
    }
  }

  @Test func `where none is needed nobody gets one`() throws {
    try run { handlers in
      let description = try #require(answer(handlers, "/live.json", token: "open-sesame"))
      #expect(description.status == 200 && description.header("Set-Cookie") == nil)
      #expect(!String(decoding: description.content, as: UTF8.self).contains("needsToken"))
    }
  }

  @Test func `the operators' door has what is theirs and the page's files, and nothing to listen to`() throws {
    try run(at: .operators) { handlers in
      #expect(answer(handlers, "/status")?.status == 404)
      let status = try #require(answer(handlers, "/status", token: "made-by-itself", through: .operators))
      let text = String(decoding: status.content, as: UTF8.self)
      #expect(text.hasPrefix(#"{"version":"\#(StationSettings.version)","now":"#) && text.contains(#""stream":"live""#))
      #expect(text.contains(#""history":{"interval":10,"listeners":[0]},"log":[]}"#))
      #expect(status.header("Cache-Control") == "no-store" && status.header("Access-Control-Allow-Origin") == nil)
      #expect(answer(handlers, "/index.html", through: .operators)?.status == 200)
      for path in ["/live.m3u8", "/live-ll.m3u8", "/live.json", "/live/1.mp3"] {
        #expect(answer(handlers, path, through: .operators)?.status == 404)
      }
    }
  }

  @Test func `an operator's token is not a listener's, and is kept in a cookie of its own`() throws {
    try run(Token("open-sesame"), operators: Token("swordfish")) { handlers in
      #expect(answer(handlers, "/status", token: "open-sesame")?.status == 401)
      #expect(answer(handlers, "/live.json", token: "swordfish")?.status == 401)
      let status = try #require(answer(handlers, "/status", token: "swordfish"))
      #expect(
        status.header("Set-Cookie")
          == "__Host-ringcast-admin-9090=swordfish; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure")
    }
  }

  /// The answer to a PUT of JSON that the server has read as it is asked to.
  private func put(
    _ handlers: Handlers, _ content: String, type: String? = "application/json", token: String? = nil,
    headers: [(name: String, value: String)] = [], through door: Endpoint = .listeners
  ) -> (status: Int?, wasRead: Bool) {
    var headers = headers + [(name: "Host", value: "127.0.0.1")]
    if let token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
    if let type { headers.append((name: "Content-Type", value: type)) }
    func request(_ content: [UInt8]?) -> Request {
      Request(method: .put, path: "/live/metadata", headers: headers, content: content)
    }
    switch handlers.reply(to: request(nil), through: door, waited: 0) {
    case .respond(let response): return (response.status, false)
    case .hold, .holdFor, .receive, .upgrade: return (nil, false)
    case .content:
      guard case .respond(let response) = handlers.reply(to: request(Array(content.utf8)), through: door, waited: 0)
      else { return (nil, true) }
      return (response.status, true)
    }
  }

  @Test func `who shows an operator's token says what plays, and whoever may listen is told`() throws {
    try run(operators: Token("swordfish")) { handlers in
      func said() -> String? {
        answer(handlers, "/live/metadata").map { String(decoding: $0.content, as: UTF8.self) }
      }
      #expect(said() == "{\"title\":null,\"artist\":null}\n")
      #expect(put(handlers, #"{"title":"Bolero","artist":"Ravel"}"#, token: "swordfish") == (204, true))
      #expect(said() == "{\"title\":\"Bolero\",\"artist\":\"Ravel\"}\n")
      let bad = #"{"title":7}"#
      #expect(put(handlers, bad, token: "swordfish") == (400, true))
      #expect(put(handlers, "{}", type: "application/x-www-form-urlencoded", token: "swordfish") == (415, false))
      #expect(put(handlers, "{}", type: nil, token: "swordfish") == (415, false))
      #expect(put(handlers, "{}", token: "swordfish", headers: [("Content-Encoding", "gzip")]) == (415, false))
      #expect(put(handlers, "{}", token: "swordfish", headers: [("Content-Range", "bytes 0-1/9")]) == (400, false))
      #expect(said() == "{\"title\":\"Bolero\",\"artist\":\"Ravel\"}\n")
      #expect(put(handlers, "{}", type: "Application/JSON; charset=utf-8", token: "swordfish") == (204, true))
      #expect(said() == "{\"title\":null,\"artist\":null}\n")
    }
  }

  /// RFC 9110 §13.1: a request whose precondition is false changes nothing.
  @Test func `what plays is changed only where the preconditions hold`() throws {
    try run(operators: Token("swordfish")) { handlers in
      func tag() throws -> String { try #require(answer(handlers, "/live/metadata")?.header("ETag")) }
      func put(_ title: String, _ name: String, _ value: String) -> Int? {
        self.put(handlers, "{\"title\":\"\(title)\"}", token: "swordfish", headers: [(name: name, value: value)]).status
      }
      let first = try tag()
      #expect(put("A", "If-Match", "\"nonsense\"") == 412)
      #expect(put("A", "If-None-Match", "*") == 412 && put("A", "If-None-Match", first) == 412)
      #expect(put("A", "If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT") == 412)
      #expect(try tag() == first)
      #expect(put("A", "If-Match", first) == 204)
      let second = try tag()
      #expect(second != first && put("B", "If-Match", first) == 412)
      #expect(put("B", "If-Match", "*") == 204 && put("C", "If-None-Match", first) == 204)
      #expect(put("D", "If-Unmodified-Since", "Sat, 01 Jan 2095 00:00:00 GMT") == 204)
      // It has no meaning for a PUT.
      #expect(put("E", "If-Modified-Since", "Sat, 01 Jan 2095 00:00:00 GMT") == 204)
    }
  }

  @Test func `nobody else says what plays, and of those who may not nothing is read`() throws {
    try run(Token("open-sesame"), operators: Token("swordfish")) { handlers in
      for token in [nil, "open-sesame", "swordfisk"] { #expect(put(handlers, "{}", token: token) == (401, false)) }
      #expect(answer(handlers, "/live/metadata")?.status == 401)
      #expect(answer(handlers, "/live/metadata", token: "open-sesame")?.status == 200)
      #expect(answer(handlers, "/hall/metadata", token: "open-sesame")?.status == 404)
    }
  }

  @Test func `where no operator's token is set the station's own is needed`() throws {
    try run { handlers in
      #expect(put(handlers, "{}") == (401, false))
      #expect(put(handlers, "{}", token: "made-by-itself") == (204, true))
    }
  }

  @Test func `a private stream is told to this machine, and its answers allow no other site's page`() throws {
    try run(isPrivate: true) { handlers in
      let paths = ["/live.json", "/live/metadata", "/live/1.mp3", "/hall.m3u8", "/live.m3u8"]
      for path in paths + ["/live.mp3", "/live-ll.m3u8", "/status", "/metrics"] {
        #expect(answer(handlers, path, host: "rebound.example")?.status == 403)
        let foreign = try #require(answer(handlers, path, host: "localhost", origin: "https://evil.example"))
        #expect(foreign.status == 403 && foreign.header("Access-Control-Allow-Origin") == nil)
        let preflight = answer(handlers, path, method: .options, host: "localhost", origin: "https://evil.example")
        #expect(preflight?.status == 403 && preflight?.header("Access-Control-Allow-Origin") == nil)
      }
      for path in paths.dropLast() {
        let own = try #require(answer(handlers, path, waited: 90_000_000_000, host: "localhost"))
        #expect(own.status != 403 && own.header("Access-Control-Allow-Origin") == nil)
      }
      #expect(answer(handlers, "/", host: "rebound.example")?.status == 200)
    }
  }

  @Test func `on the operators' port no answer allows another site's page`() throws {
    try run(at: .operators) { handlers in
      for path in ["/", "/status", "/metrics", "/status.html", "/live/metadata", "/live.mp3", "/nothing"] {
        for method in [Request.Method.get, .options, .put, .other("POST")] {
          let answer = answer(handlers, path, method: method, token: "made-by-itself", through: .operators)
          #expect(answer?.header("Access-Control-Allow-Origin") == nil)
          let foreign = self.answer(handlers, path, method: method, through: .operators, host: "evil.example")
          #expect(foreign?.status == 403)
        }
      }
    }
  }

  @Test func `with a port of their own operators say it there, and not at the listeners'`() throws {
    try run(operators: Token("swordfish"), at: .operators) { handlers in
      #expect(put(handlers, "{}", token: "swordfish") == (404, false))
      #expect(put(handlers, "{}", token: "swordfish", through: .operators) == (204, true))
      #expect(answer(handlers, "/live/metadata", token: "swordfish", through: .operators)?.status == 200)
      #expect(answer(handlers, "/live/metadata", through: .operators)?.status == 401)
    }
  }

  @Test func `other sites' pages are not allowed to say what plays`() throws {
    try run(operators: Token("swordfish")) { handlers in
      let preflight = try #require(answer(handlers, "/live/metadata", method: .options))
      #expect(preflight.status == 204 && preflight.header("Allow") == "GET, HEAD, OPTIONS, PUT")
      #expect(preflight.header("Access-Control-Allow-Methods") == "GET, HEAD, OPTIONS")
      let post = try #require(answer(handlers, "/live/metadata", method: .other("POST")))
      #expect(post.status == 405 && post.header("Allow") == "GET, HEAD, OPTIONS, PUT")
      for path in ["/", "/live.m3u8", "/live-ll.m3u8", "/live/1.mp3", "/live.json", "/status"] {
        #expect(answer(handlers, path, method: .put)?.status == 405)
      }
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
