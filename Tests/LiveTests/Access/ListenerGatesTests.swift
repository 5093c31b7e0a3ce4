import HTTP
import Logging
import System
import Testing

@testable import Live

@Suite struct ListenerGatesTests {
  private let log = Log(level: .error)
  private let temporary = TemporaryFolder()
  private let hall = StreamName(valid: "hall")!

  private func gates(_ station: Token? = nil, hall own: Token? = nil, file: String? = nil) throws -> ListenerGates {
    var settings = StationSettings()
    settings.access.listenToken = station
    settings.streams.append(StreamSettings())
    settings.streams[1].name = hall
    settings.streams[1].listenToken = own
    settings.streams[1].listenTokenFile = file
    return try ListenerGates(settings, awaited: nil, log: log)
  }

  private func request(_ headers: (name: String, value: String)..., token: String? = nil) -> Request {
    Request(
      method: .get, path: "/hall.m3u8", query: token.map { [(name: "token", value: $0)] } ?? [], headers: headers)
  }

  @Test func `a stream without a token of its own takes that of the station`() throws {
    let gates = try gates(Token("open-sesame"))
    for stream in [StreamName.live, hall] {
      #expect(gates.pass(for: request(token: "open-sesame"), listeningTo: stream, port: 1) != nil)
      #expect(gates.pass(for: request(), listeningTo: stream, port: 1) == nil)
    }
    #expect(gates.all.count == 1)
  }

  @Test func `a stream with a token of its own takes no other`() throws {
    let gates = try gates(Token("open-sesame"), hall: Token("hall-sesame"))
    #expect(gates.pass(for: request(token: "hall-sesame"), listeningTo: hall, port: 1) != nil)
    #expect(gates.pass(for: request(token: "open-sesame"), listeningTo: hall, port: 1) == nil)
    #expect(gates.pass(for: request(token: "hall-sesame"), listeningTo: .live, port: 1) == nil)
    let open = try self.gates(hall: Token("hall-sesame"))
    #expect(open.pass(for: request(), listeningTo: .live, port: 1) != nil)
    #expect(open.pass(for: request(), listeningTo: hall, port: 1) == nil)
  }

  @Test func `a browser keeps the tokens of two streams at a time`() throws {
    let gates = try gates(Token("open-sesame"), hall: Token("hall-sesame"))
    var cookies: [String] = []
    for (stream, token) in [(StreamName.live, "open-sesame"), (hall, "hall-sesame")] {
      let shown = request(token: token)
      let pass = try #require(gates.pass(for: shown, listeningTo: stream, port: 80))
      let field = try #require(gates[stream].keeping(pass, for: shown, port: 80).first).value
      cookies.append(String(field.prefix { $0 != ";" }))
    }
    #expect(cookies == ["ringcast-80=open-sesame", "ringcast-hall-80=hall-sesame"])
    let later = request((name: "Cookie", value: cookies.joined(separator: "; ")))
    for stream in [StreamName.live, hall] {
      #expect(gates.pass(for: later, listeningTo: stream, port: 80) != nil)
    }
  }

  @Test func `a token in the query of a request for every stream is kept for each gate that the token opens`() throws {
    func kept(_ gates: ListenerGates, _ token: String?) -> [String] {
      let shown = token.map { request(token: $0) } ?? request((name: "Cookie", value: "ringcast-hall-80=hall-sesame"))
      return gates.keeping(for: shown, listeningTo: [.live, hall], port: 80).map {
        String($0.value.prefix { $0 != ";" })
      }
    }
    let apart = try gates(Token("open-sesame"), hall: Token("hall-sesame"))
    #expect(kept(apart, "open-sesame") == ["ringcast-80=open-sesame"])
    #expect(kept(apart, "hall-sesame") == ["ringcast-hall-80=hall-sesame"])
    for token in ["wrong-sesame", nil] { #expect(kept(apart, token).isEmpty) }
    #expect(kept(try gates(Token("open-sesame"), hall: Token("open-sesame")), "open-sesame").count == 2)
    #expect(kept(try gates(hall: Token("hall-sesame")), "hall-sesame") == ["ringcast-hall-80=hall-sesame"])
    #expect(kept(try gates(), "hall-sesame").isEmpty)
  }

  @Test func `one answer has a limited number of cookies`() throws {
    var settings = StationSettings()
    for number in 0..<40 {
      settings.streams.append(StreamSettings())
      settings.streams[number + 1].name = try StreamName("hall\(number)")
      settings.streams[number + 1].listenToken = Token("hall-sesame")
    }
    let gates = try ListenerGates(settings, awaited: nil, log: log)
    let kept = gates.keeping(for: request(token: "hall-sesame"), listeningTo: settings.streams.map(\.name), port: 80)
    #expect(kept.count == 16)
    #expect(kept.first?.value.hasPrefix("ringcast-hall0-80=") == true)
  }

  @Test func `a token of one stream leaves the cookie of another stream valid for a request for every stream`() throws {
    let gates = try gates(Token("open-sesame"), hall: Token("hall-sesame"))
    let cookie = (name: "Cookie", value: "ringcast-hall-80=hall-sesame")
    for token in ["open-sesame", "wrong-sesame"] {
      #expect(gates.passAmongOthers(for: request(cookie, token: token), listeningTo: hall, port: 80)?.inQuery == nil)
      #expect(gates.passAmongOthers(for: request(cookie, token: token), listeningTo: hall, port: 80) != nil)
      #expect(gates.passAmongOthers(for: request(token: token), listeningTo: hall, port: 80) == nil)
      #expect(gates.pass(for: request(cookie, token: token), listeningTo: hall, port: 80) == nil)
    }
    #expect(gates.passAmongOthers(for: request(token: "hall-sesame"), listeningTo: hall, port: 80)?.inQuery != nil)
  }

  @Test func `a token file of a stream is read again, and an error names the stream`() throws {
    try Folder(temporary.path).replace("tokens", Array("hall-sesame\n".utf8))
    let gates = try gates(file: "\(temporary.path)/tokens")
    try Folder(temporary.path).replace("tokens", Array("late-sesame\n".utf8))
    for gate in gates.all { try gate.reload() }
    #expect(gates.pass(for: request(token: "late-sesame"), listeningTo: hall, port: 1) != nil)
    let error = #expect(throws: InvalidInput.self) { try self.gates(file: "\(temporary.path)/none") }
    #expect(error?.description.hasPrefix("stream hall: listen-token-file") == true)
  }
}
