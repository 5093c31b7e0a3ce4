import HTTP
import Logging
import Rooms
import Testing

@testable import Live

@Suite struct RoomAccessTests {
  private let log = Log(level: .error)
  private let room = RoomName("hall")!

  /// - Parameter hall: the token of the stream `hall`.
  private func access(
    _ listen: Token? = nil, hall: Token? = nil, origins: OriginGate.Origins = .only([])
  ) throws -> RoomAccess {
    var settings = StationSettings()
    settings.access.listenToken = listen
    settings.streams[0].name = try StreamName("hall")
    settings.streams[0].listenToken = hall
    let operators = TokenGate(.operators, only: try #require(Token("close-sesame")), log: log)
    let gates = Gates(
      origins: OriginGates(
        listeners: OriginGate(listeners: settings, isPrivate: false),
        operators: OriginGate(operators: settings, isLocal: false)),
      listeners: try ListenerGates(settings, awaited: nil, log: log), port: 8080,
      operators: OperatorGate(operators, areChosen: true, at: .operators, port: 9090, isLocal: false),
      spelling: { "--\($0.rawValue)" })
    return RoomAccess(gates, origins: origins)
  }

  private func request(_ headers: (name: String, value: String)...) -> Request {
    Request(method: .get, path: "/rooms/hall/socket", headers: [(name: "Host", value: "radio.example:8000")] + headers)
  }

  @Test(arguments: [
    (nil as String?, RoomAccess.Sender.own), ("http://radio.example:8000", .own), ("https://radio.example:8000", .own),
    ("HTTP://Radio.Example:8000", .own), ("http://radio.example", .foreign), ("http://evil.example", .foreign),
    ("http://radio.example:8000.evil.example", .foreign), ("null", .foreign), ("", .foreign),
  ])
  func `only pages of this server, and requests of no page, come from here`(
    origin: String?, expected: RoomAccess.Sender
  ) throws {
    let asked = origin.map { request((name: "Origin", value: $0)) } ?? request()
    #expect(try access().sender(of: asked) == expected)
  }

  @Test func `a page that came without TLS is no page of a server of TLS`() throws {
    for (origin, sender) in [
      ("http://radio.example", RoomAccess.Sender.foreign), ("https://radio.example", .own),
      ("https://radio.example:443", .own), ("http://radio.example:443", .foreign),
    ] {
      let headers = [(name: "Host", value: "radio.example"), (name: "Origin", value: origin)]
      let request = Request(method: .get, path: "/rooms/hall/socket", headers: headers, client: Client(isSecure: true))
      #expect(try access().sender(of: request) == sender)
    }
  }

  @Test func `an origin that the operator allows is let in`() throws {
    let origin = try #require(WebOrigin("https://club.example"))
    let access = try access(origins: .only([origin]))
    #expect(access.sender(of: request((name: "Origin", value: "https://club.example"))) == .allowed(origin))
    #expect(access.sender(of: request((name: "Origin", value: "https://evil.example"))) == .foreign)
    let open = try self.access(origins: .any)
    #expect(open.sender(of: request((name: "Origin", value: "https://club.example"))) == .allowed(origin))
    #expect(open.sender(of: request((name: "Origin", value: "null"))) == .foreign)
  }

  @Test func `an operator's token counts at either port`() throws {
    let access = try access(Token("open-sesame"))
    let shown = request((name: "Authorization", value: "Bearer close-sesame"))
    #expect(access.credentials(of: shown, for: nil) == .operator)
    #expect(access.requester(of: shown) == .operator)
    #expect(access.credentials(ofToken: "close-sesame", for: room) == .operator)
  }

  @Test func `a listener's token lets listen, and a wrong one is told`() throws {
    let access = try access(Token("open-sesame"))
    #expect(access.credentials(of: request(), for: nil) == Credentials())
    #expect(
      access.credentials(of: request((name: "Authorization", value: "Bearer open-sesame")), for: nil)
        == Credentials(mayListen: true))
    #expect(access.credentials(ofToken: "open-sesame", for: room) == Credentials(mayListen: true))
    #expect(access.credentials(ofToken: "wrong-sesame", for: room) == Credentials(hasWrongToken: true))
  }

  @Test func `the room of a stream with a token of its own wants that token`() throws {
    let tower = try #require(RoomName("tower"))
    for station in [nil, Token("open-sesame")] {
      let access = try access(station, hall: Token("hall-sesame"))
      let listener = Credentials(mayListen: true)
      #expect(access.credentials(of: request(), for: room) == Credentials())
      #expect(access.credentials(of: request(), for: tower).mayListen == (station == nil))
      let shown = request((name: "Authorization", value: "Bearer hall-sesame"))
      #expect(access.credentials(of: shown, for: room) == listener)
      #expect(access.credentials(ofToken: "hall-sesame", for: room) == listener)
      #expect(access.credentials(ofToken: "open-sesame", for: room) == Credentials(hasWrongToken: true))
    }
  }

  @Test func `without listeners' tokens everybody may listen`() throws {
    let access = try access()
    #expect(access.credentials(of: request(), for: nil) == Credentials(mayListen: true))
    #expect(access.credentials(ofToken: "wrong-sesame", for: room) == Credentials(mayListen: true, hasWrongToken: true))
  }

  @Test func `a host shows a session or an invite`() throws {
    let access = try access()
    #expect(access.requester(of: request()) == nil)
    #expect(access.requester(of: request((name: "Ringcast-Session", value: "s"))) == .session("s"))
    #expect(access.requester(of: request((name: "Authorization", value: "Bearer a.b.c"))) == .invite("a.b.c"))
    #expect(access.requester(of: request((name: "Authorization", value: "Basic YTpi"))) == nil)
  }
}
