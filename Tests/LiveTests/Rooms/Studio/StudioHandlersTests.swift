import HTTP
import Logging
import Rooms
import System
import Testing

@testable import Live

@Suite struct StudioHandlersTests {
  private let temporary = TemporaryFolder()

  private func handlers(
    page: String? = "<!doctype html>", of streams: (@Sendable () -> [StudioHandlers.Stream])? = nil
  ) throws -> StudioHandlers {
    let web = Folder("\(temporary.path)/web")
    try web.create()
    try web.replace("index.html", Array("<p>".utf8))
    TemporaryFolder.remove("\(web.path)/studio")
    if let page {
      try Folder("\(web.path)/studio").create()
      try Folder("\(web.path)/studio").replace("studio.html", Array(page.utf8))
    }
    let log = Log(level: .error)
    let settings = StationSettings()
    let operators = TokenGate(.operators, only: try #require(Token("close-sesame")), log: log)
    let gates = Gates(
      origins: OriginGates(
        listeners: OriginGate(listeners: settings, isPrivate: false),
        operators: OriginGate(operators: settings, isLocal: false)),
      listeners: ListenerGates(try TokenGate(settings.access, log: log)), port: 8080,
      operators: OperatorGate(operators, areChosen: true, at: .operators, port: 9090, isLocal: false),
      spelling: { "--\($0.rawValue)" })
    let hall = try #require(RoomName("hall"))
    let usual = [
      stream(.live, room: nil, fallback: nil),
      stream(try StreamName("evening"), room: hall, fallback: .file(path: "/secret/music.mp3"), title: "Bol\u{e9}ro"),
      stream(try StreamName("night"), room: RoomName("cellar"), fallback: .tone, underVoice: .off),
    ]
    return StudioHandlers(
      { streams?() ?? usual }, access: RoomAccess(gates, origins: .only([])),
      files: try StaticFiles(directory: web.path),
      room: { (invite) throws(RoomError) in
        guard invite == "hall.host" else { throw RoomError(.forgedInvite) }
        return hall
      })
  }

  private func stream(
    _ name: StreamName, room: RoomName?, fallback: StreamSettings.FallbackChoice?,
    underVoice: StreamSettings.UnderVoice = .duck, title: String? = nil
  ) -> StudioHandlers.Stream {
    .init(name: name, room: room, fallback: fallback, underVoice: underVoice, title: { title }, listeners: { 3 })
  }

  private func answer(
    _ path: StudioPath, method: Request.Method = .get, query: [(name: String, value: String)] = [],
    _ headers: (String, String)..., page: String? = "<!doctype html>"
  ) throws -> Response {
    let fields = [(name: "Host", value: "localhost:8080")] + headers.map { (name: $0.0, value: $0.1) }
    return try handlers(page: page).response(
      to: Request(method: method, path: "/studio", query: query, headers: fields), for: path)
  }

  private func text(_ response: Response) -> String { String(decoding: response.content, as: UTF8.self) }

  private static let evening =
    #"{"name":"evening","room":"hall","title":"Boléro","listeners":3,"fallback":"file","underVoice":"duck"}"#
  private let all =
    #"{"streams":[{"name":"live","room":null,"title":null,"listeners":3,"fallback":"silence","underVoice":"duck"},"#
    + evening
    + #",{"name":"night","room":"cellar","title":null,"listeners":3,"fallback":"tone","underVoice":"off"}]}"#
  private let ofHall = #"{"streams":["# + evening + "]}"

  @Test func `the page needs no right, may use the microphone, and is no frame of another site`() throws {
    let page = try answer(.page)
    #expect(page.status == 200 && text(page) == "<!doctype html>")
    #expect(page.header("Permissions-Policy")?.contains("microphone=(self)") == true)
    #expect(page.header("Content-Security-Policy")?.contains("frame-ancestors 'self'") == true)
    #expect(try answer(.page, page: nil).status == 404)
    #expect(try answer(.page, method: .put).status == 405)
  }

  @Test func `an operator sees every stream with its room`() throws {
    for shown in [("Authorization", "Bearer close-sesame"), ("Cookie", "ringcast-admin-9090=close-sesame")] {
      let answer = try answer(.streams, shown)
      #expect(answer.status == 200 && text(answer) == all)
      #expect(answer.header("Cache-Control") == "no-store" && answer.header("Content-Type") == "application/json")
      #expect(answer.header("Set-Cookie") == nil)
    }
  }

  @Test func `the list has the streams that run at the moment of the request`() throws {
    let running = Replaceable([stream(.live, room: nil, fallback: nil)])
    let handlers = try handlers(of: { running.value })
    let headers = [
      (name: "Host", value: "localhost:8080"), (name: "Authorization", value: "Bearer close-sesame"),
    ]
    let request = Request(method: .get, path: "/studio", query: [], headers: headers)
    #expect(text(handlers.response(to: request, for: .streams)).hasPrefix(#"{"streams":[{"name":"live","#))
    running.replace(by: [stream(try StreamName("night"), room: nil, fallback: .tone)])
    #expect(text(handlers.response(to: request, for: .streams)).hasPrefix(#"{"streams":[{"name":"night","#))
  }

  @Test func `the browser of an operator keeps a token of the URL`() throws {
    let answer = try answer(.streams, query: [(name: "token", value: "close-sesame")])
    #expect(text(answer) == all)
    #expect(answer.header("Set-Cookie")?.hasPrefix("ringcast-admin-9090=close-sesame; ") == true)
  }

  @Test func `a host sees the streams of the host's room`() throws {
    for shown in [("Authorization", "Bearer hall.host"), ("Ringcast-Invite", "hall.host")] {
      let answer = try answer(.streams, shown)
      #expect(answer.status == 200 && text(answer) == ofHall)
    }
  }

  @Test func `a host of a room may change the streams of that room`() throws {
    let handlers = try handlers()
    func isHost(_ invite: String?, of stream: String) throws -> Bool {
      let shown = invite.map { [(name: "Ringcast-Invite", value: $0)] } ?? []
      let headers = [(name: "Host", value: "localhost:8080")] + shown
      return handlers.isHost(
        Request(method: .put, path: "/\(stream)/metadata", query: [], headers: headers), of: try StreamName(stream))
    }
    #expect(try isHost("hall.host", of: "evening"))
    let others: [(String?, String)] = [
      ("hall.host", "night"), ("hall.host", "live"), ("hall.talker", "evening"), (nil, "evening"),
    ]
    for (invite, stream) in others {
      #expect(try !isHost(invite, of: stream))
    }
  }

  @Test func `everybody else gets 401 with an error that a program reads`() throws {
    let refusals = [
      try answer(.streams), try answer(.streams, ("Authorization", "Bearer open-sesame")),
      try answer(.streams, ("Ringcast-Invite", "hall.talker")),
      try answer(.streams, ("Authorization", "Basic Y2xvc2Utc2VzYW1l")),
    ]
    for refusal in refusals {
      #expect(refusal.status == 401 && text(refusal).hasPrefix(#"{"type":"error","code":""#))
      #expect(refusal.header("WWW-Authenticate") == "Bearer realm=\"ringcast\"")
      #expect(refusal.header("Cache-Control") == "no-store")
    }
  }
}
