import HTTP
import Testing

@testable import Live

@Suite struct ListenerCounterTests {
  private let listeners = ListenerCounter(segmentLength: .seconds(2))

  private func request(
    _ query: [(name: String, value: String)] = [], session: String? = nil, method: Request.Method = .get,
    connection: Int = 1, program: String = "curl"
  ) -> Request {
    let field = session.map { [(name: "Ringcast-Session", value: $0)] } ?? []
    return Request(
      method: method, path: "/", query: query, headers: field + [(name: "User-Agent", value: program)],
      client: Client(connection: connection, address: IPAddress("192.0.2.1")))
  }

  private func note(_ request: Request, _ resource: Resource, _ reply: Reply? = nil, isNew: Bool = true) {
    _ = listeners.noting(reply ?? .respond(.text(200, "")), to: request, for: resource, isNew: isNew)
  }

  /// Plain, low-latency, growing, endless.
  private var counts: [Int] {
    let ways = listeners.figures.ways
    return ListenerTable.Way.allCases.map { ways[$0]! }
  }

  private var growing: Response {
    GrowingRepresentation(GrowingBody(capacity: 1), contentType: "", cacheControl: "").response(to: request())
  }

  @Test func `a session is taken from the query or from its field, and is neither too short nor too long`() {
    #expect(request([("session", "12345678")], session: "abcdefgh").listener == .session("12345678"))
    #expect(request(session: "abcdefgh").listener == .session("abcdefgh"))
    for name in [nil, "", "1234567", String(repeating: "x", count: 65)] {
      #expect(request(session: name).listener == .connection(1))
    }
  }

  @Test func `the way of listening goes by what is asked for`() {
    note(request(session: "session-1"), .playlist)
    note(request(session: "session-2"), .segment(7))
    note(request(session: "session-3"), .lowLatencyPlaylist)
    note(request([("_HLS_msn", "8")], session: "session-4"), .lowLatencyPlaylist, .hold)
    note(request(session: "session-5"), .part(7, index: 1))
    note(request(session: "session-6"), .segment(8), .respond(growing))
    #expect(counts == [3, 2, 1, 0])
  }

  @Test func `without a session who polls a playlist counts, and not who fetches what it lists`() {
    note(request(connection: 1), .segment(7))
    note(request(connection: 2), .part(7, index: 1))
    #expect(counts == [0, 0, 0, 0])
    note(request(connection: 3), .playlist)
    note(request(connection: 4), .playlist)
    #expect(counts == [2, 0, 0, 0])
  }

  @Test func `who listens without an end is there until that is over and its connection closed`() {
    let body = EndlessBody(capacity: 1, lagTimeout: .zero)
    body.append(GrowingBody(capacity: 1), from: 0)
    let response = Response(status: 200, endless: Endless(body, from: body.place(at: 0)))
    note(request(connection: 1), .endless, .respond(response))
    #expect(counts == [0, 0, 0, 1])
    listeners.closed(1)
    #expect(counts == [0, 0, 0, 0])
  }

  @Test func `who is refused, only looks, or goes on waiting is not counted`() {
    note(request(), .playlist, .respond(.text(404, "")))
    note(request(method: .head), .playlist)
    note(request(method: .options), .playlist)
    note(request(), .playlist, isNew: false)
    // A page that is paused.
    note(request(session: "-"), .lowLatencyPlaylist)
    listeners.noteDescription(request(session: "-"))
    listeners.noteDescription(request())
    #expect(listeners.figures.sessions == 0)
  }

  @Test func `who says so in asking for the description listens`() {
    listeners.noteDescription(request(session: "session-1"))
    #expect(counts == [1, 0, 0, 0])
  }

  @Test func `another connection goes on in the place of one that is closed, if it looks like it`() {
    note(request(connection: 1), .playlist)
    listeners.closed(1)
    note(request(connection: 2), .playlist)
    #expect(counts == [1, 0, 0, 0])
    listeners.closed(2)
    note(request(connection: 3, program: "VLC"), .playlist)
    #expect(counts == [2, 0, 0, 0])
  }
}
