import Glibc
import HTTP
import Synchronization
import Testing

/// Answers whose content lies in memory and is long, over real sockets.
@Suite struct LongContentTests {
  private static let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

  private func serve(
    _ slices: [Bytes.Slice], _ road: Road, threads: Int = 2, limits: Server.Limits = .patient,
    onAnswer: (@Sendable (FinishedExchange) -> Void)? = nil, _ test: (Server) throws -> Void
  ) throws {
    let long = SlicesRepresentation(
      slices, contentType: "audio/mpeg", cacheControl: "no-cache", entityTag: "x", lastModified: 0)
    let server = try Server(
      on: try ListenSocket(host: "127.0.0.1", port: 0), threads: threads, limits: limits,
      certificate: try road.certificate(), onAnswer: onAnswer
    ) { request, _ in
      .respond(request.path == "/long" ? long.response(to: request, now: 0) : .text(200, request.path))
    }
    defer { server.stop() }
    try test(server)
  }

  /// A terabyte that takes 16 MB of memory.
  private static func endless() -> [Bytes.Slice] {
    let block = Bytes([UInt8](repeating: 0, count: 16 << 20))
    return (0..<65_536).map { _ in Bytes.Slice(block, 0..<block.count) }
  }

  @Test(arguments: Road.allCases)
  func `long content comes whole, and the connection stays`(road: Road) throws {
    let slices = [0..<10, 10..<10, 10..<2_000_000, 2_000_000..<3_000_000].map { Bytes.Slice(Array(Self.content[$0])) }
    try serve(slices, road) { server in
      let client = try road.connect(server)
      #expect(try client.get("/long").body == Self.content)
      #expect(try client.get("/next").text == "/next")
      guard road == .tls else { return }
      let connection = try HTTP2Connection(port: server.port)
      #expect(try connection.get("/long").content == Self.content)
    }
  }

  @Test(arguments: Road.allCases)
  func `a client that reads nothing of long content is cut off`(road: Road) throws {
    var limits = Server.Limits.patient
    // One deadline for the whole content would be a thousand seconds.
    (limits.idleSeconds, limits.slowestRate) = (1, 1 << 30)
    let counted = Mutex<[FinishedExchange]>([])
    try serve(
      Self.endless(), road, limits: limits, onAnswer: { answer in counted.withLock { $0.append(answer) } }
    ) {
      server in
      let client = try road.connect(server, isNarrow: true)
      try client.send("GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.head().status == 200)
      try client.waitForReset()
      for _ in 0..<60_000 where counted.withLock({ $0.isEmpty }) { usleep(1000) }
      #expect(counted.withLock { $0.count == 1 && $0[0].bytes < 16 << 20 })
    }
  }

  @Test func `a client of HTTP/2 that reads nothing of long content loses the stream`() throws {
    var limits = Server.Limits.patient
    (limits.idleSeconds, limits.slowestRate) = (1, 1 << 30)
    try serve(Self.endless(), .tls, limits: limits) { server in
      // The client opens its window no further.
      let connection = try HTTP2Connection(port: server.port)
      let id = connection.client.request("GET", "/long")
      try connection.talk { $0.answers[id]?.code != nil }
      let answer = connection.answer(id)
      #expect(!answer.isComplete && answer.code != 0)
    }
  }

  @Test(arguments: Road.allCases)
  func `a client of long content does not hold up the small answers of others`(road: Road) throws {
    try serve(Self.endless(), road, threads: 1) { server in
      let end = Flag()
      let client = try road.connect(server)
      try client.send("GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
      let reader = Writer {
        while !end.isRaised, (try? client.some()) != nil {}
      }
      let other = try road.connect(server)
      for number in 0..<100 { #expect(try other.get("/\(number)").text == "/\(number)") }
      end.raise()
      reader.join()
    }
  }
}

/// Tells a thread that it may end.
private final class Flag: Sendable {
  private let raised = Atomic(false)

  var isRaised: Bool { raised.load(ordering: .relaxed) }
  func raise() { raised.store(true, ordering: .relaxed) }
}
