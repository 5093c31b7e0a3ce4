import Glibc
import HTTP
import Synchronization
import Testing

/// The figures of a server, over real sockets.
@Suite struct FiguresTests {
  private final class Record: Sendable {
    let answers = Mutex<[FinishedExchange]>([])
    let closed = Mutex<[Int]>([])
    let connections = Mutex<Set<Int>>([])
    let ended = Atomic(0)

    func note(_ answer: FinishedExchange) { answers.withLock { $0.append(answer) } }
  }

  private let record = Record()

  /// Answers: `/growing` with a body that grows, else the path.
  private func serve(_ body: GrowingBody = GrowingBody(capacity: 100), _ test: (Server) throws -> Void) throws {
    let growing = GrowingRepresentation(body, contentType: "audio/mpeg", cacheControl: "no-cache")
    let server = try Server(
      on: try ListenSocket(host: "127.0.0.1", port: 0), onAnswer: { [record] in record.note($0) },
      onClose: { [record] number in record.closed.withLock { $0.append(number) } }
    ) { [record] request, _ in
      _ = record.connections.withLock { $0.insert(request.client.connection) }
      guard request.path == "/growing" else { return .respond(.text(request.path == "/" ? 200 : 404, request.path)) }
      return .respond(
        growing.response(to: request).ending { record.ended.wrappingAdd(1, ordering: .sequentiallyConsistent) })
    }
    defer { server.stop() }
    try test(server)
  }

  /// Waits for what another thread is about to note.
  private func wait(_ condition: () -> Bool) throws {
    for _ in 0..<2000 where !condition() { usleep(5000) }
    try #require(condition())
  }

  @Test func `answers are counted by status, and the bytes of their content`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      for path in ["/", "/", "/missing"] { _ = try client.get(path) }
      try client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
      _ = try client.response(toHead: true)
      // It is malformed, and answered by the server itself.
      try client.send("GET / HTTP/1.1\r\n\r\n")
      _ = client.rest()
      try wait { record.answers.withLock { $0.count } == 5 }
      #expect(server.figures.answers == [200: 3, 404: 1, 400: 1])
      let bytes = record.answers.withLock { $0.map(\.bytes) }
      #expect(bytes.prefix(4) == [1, 1, 8, 0])
      #expect(server.figures.bytes == bytes.reduce(0, +))
    }
  }

  @Test func `an answer is told with its request, as it came`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      _ = try client.get("/a%20b?c=%C3%A9")
      try wait { record.answers.withLock { $0.count } == 1 }
      let answer = record.answers.withLock { $0[0] }
      #expect(String(decoding: answer.request.target, as: UTF8.self) == "/a%20b?c=%C3%A9")
      #expect((answer.request.method, answer.request.version, answer.status) == ("GET", "HTTP/1.1", 404))
      #expect(answer.client.address?.description == "127.0.0.1" && answer.duration > .zero)
    }
  }

  @Test func `what grows is counted as it is sent, and its end is told`() throws {
    let body = GrowingBody(capacity: 100)
    try serve(body) { server in
      let client = try RawClient(port: server.port)
      body.append(Array("abc".utf8)[...])
      try client.send("GET /growing HTTP/1.1\r\nHost: x\r\n\r\n")
      _ = try client.head()
      #expect(try client.chunks(atLeast: 3) == Array("abc".utf8))
      try wait { server.figures.bytes == 3 }
      body.append(Array("defgh".utf8)[...])
      client.onWait = { server.sendOn() }
      #expect(try client.chunks(atLeast: 5) == Array("defgh".utf8))
      try wait { server.figures.bytes == 8 }
      #expect(record.answers.withLock { $0.isEmpty } && record.ended.load(ordering: .sequentiallyConsistent) == 0)
      body.finish()
      #expect(try client.chunk().isEmpty)
      try wait { record.ended.load(ordering: .sequentiallyConsistent) == 1 }
      try wait { record.answers.withLock { $0.map(\.bytes) } == [8] }
      #expect(server.figures.bytes == 8 && server.figures.answers == [200: 1])
    }
  }

  @Test func `a client that goes in the middle of what grows ends it`() throws {
    let body = GrowingBody(capacity: 10_000)
    try serve(body) { server in
      var client: RawClient? = try RawClient(port: server.port)
      body.append([1])
      try client?.send("GET /growing HTTP/1.1\r\nHost: x\r\n\r\n")
      _ = try client?.head()
      client = nil
      try wait {
        body.append([1])
        server.sendOn()
        return record.ended.load(ordering: .sequentiallyConsistent) == 1
      }
      try wait { record.closed.withLock { $0.count } == 1 }
    }
  }

  /// A server that speaks TLS.
  private func encrypted() throws -> Server {
    let made = TestCertificate()
    return try Server(
      on: try ListenSocket(host: "127.0.0.1", port: 0), limits: .patient,
      certificate: Certificate(chain: made.chain, key: made.key), onAnswer: { [record] in record.note($0) }
    ) { request, _ in .respond(.text(200, request.path)) }
  }

  @Test func `an answer that never left is counted nowhere`() throws {
    let server = try encrypted()
    defer { server.stop() }
    let connection = try HTTP2Connection(port: server.port)
    try connection.requestAndReset("/reset")
    #expect(try connection.get("/sent").status == 200)
    try wait { record.answers.withLock { $0.count } == 1 }
    #expect(record.answers.withLock { $0[0].request.target } == Array("/sent".utf8))
    #expect(server.figures.answers == [200: 1])
  }

  @Test func `a malformed request of HTTP 2 is counted`() throws {
    let server = try encrypted()
    defer { server.stop() }
    let connection = try HTTP2Connection(port: server.port)
    // RFC 9113 §8.2.2: a connection-specific field makes a request malformed.
    #expect(try connection.get("/", fields: [("connection", "close")]).status == 0)
    #expect(server.figures.malformedRequests == 1 && server.figures.answers == [:])
  }

  @Test func `a client that is told that TLS is spoken is counted, and a handshake that fails is`() throws {
    let server = try encrypted()
    defer { server.stop() }
    let plain = try RawClient(port: server.port)
    try plain.send("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n")
    _ = plain.rest()
    try wait { record.answers.withLock { $0.count } == 1 }
    let answer = record.answers.withLock { $0[0] }
    #expect((answer.status, answer.bytes) == (400, 23) && answer.request.target == Array("/plain".utf8))
    #expect(server.figures.answers == [400: 1] && server.figures.bytes == 23)
    #expect(throws: RawClient.Failure.self) {
      try RawClient(port: server.port, tls: "NORMAL:-VERS-ALL:+VERS-TLS1.1")
    }
    try wait { server.figures.handshakeFailures == 1 }
  }

  @Test func `a connection's requests carry its number, and its end is told by it`() throws {
    try serve { server in
      var clients = try (0..<2).map { _ in try RawClient(port: server.port) }
      for client in clients { for _ in 0..<3 { _ = try client.get("/") } }
      let numbers = record.connections.withLock { $0 }
      #expect(numbers.count == 2 && server.figures.connections == 2 && server.figures.accepted == 2)
      clients = []
      try wait { record.closed.withLock { Set($0) } == numbers }
      #expect(server.figures.connections == 0)
    }
  }
}
