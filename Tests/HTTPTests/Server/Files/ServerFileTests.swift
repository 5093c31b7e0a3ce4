import Glibc
import HTTP
import Synchronization
import Testing

/// Tells threads that they may end.
private final class Flag: Sendable {
  private let raised = Atomic(false)

  var isRaised: Bool { raised.load(ordering: .relaxed) }
  func raise() { raised.store(true, ordering: .relaxed) }
}

/// Answers whose content is a file, over real sockets.
@Suite struct ServerFileTests {
  private static let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
  private static let request = " HTTP/1.1\r\nHost: x\r\n"

  /// A server that answers `/file` with a file and other paths with their names.
  private func serve(
    _ file: TestFile, _ road: Road = .plain, threads: Int = 2, limits: Server.Limits = .patient,
    onAnswer: (@Sendable (FinishedExchange) -> Void)? = nil, _ test: (Server) throws -> Void
  ) throws {
    let representation = FileRepresentation(
      try FileContent(path: file.path), contentType: "audio/mpeg", cacheControl: "no-cache")
    let server = try Server(
      on: try ListenSocket(host: "127.0.0.1", port: 0), threads: threads, limits: limits,
      certificate: try road.certificate(), onAnswer: onAnswer
    ) { request, _ in
      .respond(request.path == "/file" ? representation.response(to: request) : .text(200, request.path))
    }
    defer { server.stop() }
    try test(server)
  }

  @Test(arguments: Road.allCases)
  func `a file comes whole and in ranges, and the connection stays`(road: Road) throws {
    try serve(TestFile(Self.content), road) { server in
      let client = try road.connect(server)
      #expect(try client.get("/file").body == Self.content)
      var random = SplitMix64(seed: 3)
      for _ in 0..<50 {
        let start = Int.random(in: 0..<Self.content.count, using: &random)
        let end = min(Self.content.count, start + [1, 500, 16_384, 300_000].randomElement(using: &random)!)
        let response = try client.get("/file", "Range: bytes=\(start)-\(end - 1)")
        #expect(response.status == 206 && response.body == Array(Self.content[start..<end]))
      }
      try client.send("HEAD /file\(Self.request)\r\n")
      let head = try client.head()
      #expect(head.status == 200 && head.header("Content-Length") == "3000000")
      #expect(try client.get("/next").text == "/next")
    }
  }

  @Test(arguments: Road.allCases)
  func `a client that reads slowly gets every byte`(road: Road) throws {
    let content = Self.content.prefix(200_000)
    try serve(TestFile(Array(content)), road) { server in
      let clients = try (0..<4).map { _ in try road.connect(server, isNarrow: true) }
      for client in clients { try client.send("GET /file\(Self.request)\r\nGET /next\(Self.request)\r\n") }
      for client in clients {
        #expect(try client.response().body.elementsEqual(content))
        #expect(try client.response().text == "/next")
      }
    }
  }

  @Test func `HTTP/2 gets files side by side`() throws {
    try serve(TestFile(Self.content), .tls) { server in
      let connection = try HTTP2Connection(port: server.port)
      let ids = (0..<5).map { _ in connection.client.request("GET", "/file") }
      for id in ids {
        let answer = try connection.whole(id)
        #expect(answer.content == Self.content && answer.fields["content-length"] == "3000000")
      }
      let part = try connection.get("/file", fields: [("range", "bytes=100-199")])
      #expect(part.status == 206 && part.content == Array(Self.content[100..<200]))
      let head = try connection.whole(connection.client.request("HEAD", "/file"))
      #expect(head.status == 200 && head.fields["content-length"] == "3000000" && head.content.isEmpty)
    }
  }

  @Test(arguments: Road.allCases)
  func `an empty file is an empty answer`(road: Road) throws {
    try serve(TestFile([]), road) { server in
      let client = try road.connect(server)
      let response = try client.get("/file")
      #expect(response.status == 200 && response.header("Content-Length") == "0")
      #expect(try client.get("/next").text == "/next")
    }
  }

  @Test(arguments: Road.allCases)
  func `a file that becomes shorter while it is sent breaks the connection`(road: Road) throws {
    let file = try TestFile(zeros: 64 << 20)
    try serve(file, road) { server in
      let client = try road.connect(server, isNarrow: true)
      try client.send("GET /file\(Self.request)\r\n")
      #expect(try client.head().header("Content-Length") == "\(64 << 20)")
      file.resize(to: 1000)
      #expect(client.rest().count < 64 << 20)
    }
  }

  @Test func `a file that becomes shorter breaks the stream of HTTP/2 and not the connection`() throws {
    let file = try TestFile(zeros: 64 << 20)
    try serve(file, .tls) { server in
      let connection = try HTTP2Connection(port: server.port)
      let id = connection.client.request("GET", "/file")
      try connection.talk { !($0.answers[id]?.content.isEmpty ?? true) }
      file.resize(to: 1000)
      let answer = try connection.whole(id)
      #expect(answer.content.count < 64 << 20 && !answer.isComplete && answer.code != 0)
      #expect(try connection.get("/next").status == 200)
    }
  }

  @Test(arguments: Road.allCases)
  func `clients of a long file do not hold up the small answers of others`(road: Road) throws {
    // So much that the clients of the file still read while the other client is answered.
    let file = try TestFile(zeros: 1 << 40)
    try serve(file, road, threads: 1) { server in
      let end = Flag()
      let readers = try (0..<2).map { _ in
        let client = try road.connect(server)
        try client.send("GET /file\(Self.request)\r\n")
        return Writer {
          while !end.isRaised, (try? client.some()) != nil {}
        }
      }
      let other = try road.connect(server)
      for number in 0..<100 { #expect(try other.get("/\(number)").text == "/\(number)") }
      end.raise()
      for reader in readers { reader.join() }
    }
  }

  @Test func `a fast client of HTTP/2 with an open window does not hold up the others`() throws {
    let file = try TestFile(zeros: 1 << 40)
    try serve(file, .tls, threads: 1) { server in
      let end = Flag()
      let connection = try HTTP2Connection(port: server.port, window: 1 << 30)
      connection.client.open(0, by: 1 << 30)
      let id = connection.client.request("GET", "/file")
      let reader = Writer {
        try? connection.talk { client in
          client.forgetContent(id)
          return end.isRaised
        }
      }
      let other = try Road.tls.connect(server)
      for number in 0..<100 { #expect(try other.get("/\(number)").text == "/\(number)") }
      end.raise()
      reader.join()
    }
  }

  @Test(arguments: Road.allCases)
  func `a client that reads nothing of a long file is cut off`(road: Road) throws {
    var limits = Server.Limits.patient
    (limits.idleSeconds, limits.slowestRate) = (1, 1 << 30)
    let counted = Mutex<[FinishedExchange]>([])
    try serve(
      TestFile(zeros: 1 << 40), road, limits: limits, onAnswer: { answer in counted.withLock { $0.append(answer) } }
    ) {
      server in
      let client = try road.connect(server, isNarrow: true)
      try client.send("GET /file\(Self.request)\r\n")
      #expect(try client.head().status == 200)
      try client.waitForReset()
      for _ in 0..<60_000 where counted.withLock({ $0.isEmpty }) { usleep(1000) }
      #expect(counted.withLock { $0.count == 1 && $0[0].bytes < 16 << 20 })
    }
  }
}
