import Glibc
import HTTP
import Synchronization
import Testing

/// Listeners of an endless body, over real sockets.
@Suite struct EndlessTests {
  /// The stream of these tests: bodies of 10 000 bytes and three that are no content.
  private final class Stream: Sendable {
    let content: EndlessBody
    private let body = Mutex(GrowingBody(capacity: 0))

    init(capacity: Int) {
      content = EndlessBody(capacity: capacity, lagTimeout: .zero)
      begin()
    }

    /// Bytes that tell their place.
    func bytes(_ range: Range<Int>) -> [UInt8] {
      range.map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    /// Grows from `range`'s beginning, where it is, to its end.
    func grow(_ range: Range<Int>, by step: Int, _ server: Server) {
      var position = range.lowerBound
      while position < range.upperBound {
        let end = min(range.upperBound, position + step, (position / 10_000 + 1) * 10_000)
        let piece = bytes(position..<end)[...]
        body.withLock { $0.append(piece) }
        position = end
        if end % 10_000 == 0 { begin() }
        server.sendOn()
      }
    }

    func end(_ server: Server) {
      body.withLock { $0.finish() }
      server.sendOn()
    }

    private func begin() {
      body.withLock { body in
        let last = body
        body = GrowingBody(capacity: 10_003)
        body.append(Array("tag".utf8)[...])
        content.append(body, from: 3)
        last.finish()
      }
    }

    /// From the body's beginning that is the latest when it is asked for.
    func response(_ request: Request) -> Response {
      Response(
        status: 200, headers: [(name: "Content-Type", value: "audio/mpeg")],
        endless: Endless(content, from: content.place(at: 3)))
    }
  }

  private func serve(
    capacity: Int = 1 << 20, certificate: Certificate? = nil, limits: Server.Limits = .init(),
    onTrouble: @escaping @Sendable (Server.Trouble) -> Void = { _ in }, _ test: (Server, Stream) throws -> Void
  ) throws {
    let stream = Stream(capacity: capacity)
    let server = try Server(
      on: try ListenSocket(host: "127.0.0.1", port: 0), limits: limits, certificate: certificate, onTrouble: onTrouble
    ) { request, _ in .respond(stream.response(request)) }
    defer { server.stop() }
    try test(server, stream)
  }

  private func client(_ server: Server, _ request: String = "GET / HTTP/1.1", isNarrow: Bool = false) throws
    -> RawClient
  {
    let client = try RawClient(port: server.port, isNarrow: isNarrow)
    try client.send("\(request)\r\nHost: x\r\n\r\n")
    return client
  }

  @Test(arguments: ["HTTP/1.1", "HTTP/1.0", "HTTP/1.0\r\nConnection: keep-alive", "HTTP/1.1\r\nRange: bytes=5-9"])
  func `the content goes on to the connection's end, whatever is asked for`(version: String) throws {
    try serve { server, stream in
      stream.grow(0..<100, by: 100, server)
      let listener = try client(server, "GET / \(version)")
      let head = try listener.head()
      #expect(head.status == 200 && head.header("Connection")?.lowercased() == "close")
      #expect(head.header("Transfer-Encoding") == nil && head.header("Content-Length") == nil)
      // The bytes that exist come at once.
      #expect(try listener.bytes(100) == stream.bytes(0..<100))
      stream.grow(100..<25_000, by: 999, server)
      #expect(try listener.bytes(24_900) == stream.bytes(100..<25_000))
      stream.end(server)
      #expect(listener.rest().isEmpty)
    }
  }

  @Test func `HEAD says the same, and ends`() throws {
    try serve { server, stream in
      stream.grow(0..<100, by: 100, server)
      let get = try client(server).head()
      let asked = try client(server, "HEAD / HTTP/1.1")
      let head = try asked.head()
      #expect(Set(head.lines).subtracting(get.lines).allSatisfy { $0.hasPrefix("Date: ") })
      #expect(asked.rest().isEmpty)
    }
  }

  @Test func `slow listeners get every byte once, and the others need not wait for them`() throws {
    try serve { server, stream in
      let slow = try (0..<8).map { _ in try client(server, isNarrow: true) }
      let quick = try (0..<8).map { _ in try client(server) }
      for client in slow + quick { #expect(try client.head().status == 200) }
      let end = 243_000
      for start in stride(from: 0, to: end, by: 3_000) {
        stream.grow(start..<start + 3_000, by: 3_000, server)
        for client in quick { #expect(try client.bytes(3_000) == stream.bytes(start..<start + 3_000)) }
      }
      stream.end(server)
      for client in quick { #expect(client.rest().isEmpty) }
      for client in slow {
        client.onWait = { server.sendOn() }
        #expect(client.rest() == stream.bytes(0..<end))
      }
    }
  }

  @Test func `who takes less than comes is dropped and told of, and nobody else`() throws {
    let dropped = Atomic(0)
    let onTrouble: @Sendable (Server.Trouble) -> Void = { if $0 == .late { dropped.add(1, ordering: .relaxed) } }
    try serve(capacity: 50_000, onTrouble: onTrouble) { server, stream in
      let slow = try (0..<3).map { _ in try client(server, isNarrow: true) }
      let quick = try client(server)
      for client in slow + [quick] { #expect(try client.head().status == 200) }
      for start in stride(from: 0, to: 600_000, by: 3_000) {
        stream.grow(start..<start + 3_000, by: 3_000, server)
        #expect(try quick.bytes(3_000) == stream.bytes(start..<start + 3_000))
      }
      for client in slow { try client.waitForReset() }
      #expect(dropped.load(ordering: .relaxed) == 3)
    }
  }

  @Test func `whoever has not taken what is left when it ends is closed in the end`() throws {
    var limits = Server.Limits()
    (limits.idleSeconds, limits.slowestRate) = (1, .max)
    try serve(limits: limits) { server, stream in
      let stuck = try client(server, isNarrow: true)
      #expect(try stuck.head().status == 200)
      stream.grow(0..<300_000, by: 3_000, server)
      stream.end(server)
      stuck.onWait = { server.sendOn() }
      try stuck.waitForReset()
    }
  }

  @Test func `with TLS it is the same`() throws {
    let certificate = TestCertificate()
    try serve(certificate: Certificate(chain: certificate.chain, key: certificate.key)) { server, stream in
      stream.grow(0..<5_000, by: 999, server)
      let listener = try RawClient(port: server.port, tls: "NORMAL")
      try listener.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try listener.head().status == 200)
      #expect(try listener.bytes(5_000) == stream.bytes(0..<5_000))
      // More than the kernel takes, and so in pieces.
      stream.grow(5_000..<900_000, by: 20_000, server)
      listener.onWait = { server.sendOn() }
      #expect(try listener.bytes(895_000) == stream.bytes(5_000..<900_000))
      stream.end(server)
      #expect(listener.rest().isEmpty)
    }
  }

  @Test func `listeners come and go while it grows and is sent on, on different threads`() throws {
    try serve { server, stream in
      let writer = Writer {
        stream.grow(0..<600_000, by: 543, server)
        stream.end(server)
      }
      let expected = stream.bytes(0..<600_000)
      for round in 0..<60 {
        let listener = try client(server, isNarrow: round % 3 == 0)
        #expect(try listener.head().status == 200)
        if round % 2 == 0 { continue }
        listener.onWait = { server.sendOn() }
        let received = listener.rest()
        // Each began with a body.
        #expect(received.count % 10_000 == 0 && expected.suffix(received.count).elementsEqual(received))
      }
      writer.join()
    }
  }

  @Test func `a server that stops lets all of them go`() throws {
    try serve { server, stream in
      let listeners = try [client(server), client(server, isNarrow: true)]
      for listener in listeners { #expect(try listener.head().status == 200) }
      stream.grow(0..<100_000, by: 3_000, server)
      server.stop()
      for listener in listeners { #expect(stream.bytes(0..<100_000).starts(with: listener.rest())) }
    }
  }
}
