import HTTP
import Synchronization
import Testing

/// Requests that are held and bodies that grow, over a real socket.
@Suite struct WaitingTests {
  /// A body that grows at /body; /held is held until `open`.
  private final class Origin: Sendable {
    let body = GrowingBody(capacity: 1 << 20)
    let open = Mutex(false)
    let asked = Mutex(0)
    /// By channel.
    let askedFor = Mutex([0, 0])

    func reply(_ request: Request, _ waited: Int) -> Reply {
      if request.path == "/body" {
        return .respond(
          GrowingRepresentation(body, contentType: "audio/mpeg", cacheControl: "no-cache").response(to: request))
      }
      if let channel = ["/first": 0, "/second": 1][request.path] {
        askedFor.withLock { $0[channel] += 1 }
        return open.withLock { $0 } ? .respond(.text(200, "open\n")) : .holdFor(channel: channel)
      }
      asked.withLock { $0 += 1 }
      if waited > 0, request.path == "/impatient" { return .respond(.text(503, "late\n")) }
      return open.withLock { $0 } ? .respond(.text(200, "open\n")) : .hold
    }
  }

  private let origin = Origin()

  private func serve(_ body: (Server) throws -> Void) throws {
    let server = try Server(host: "127.0.0.1", port: 0, handler: origin.reply)
    defer { server.stop() }
    try body(server)
  }

  @Test func `a request that is held for a channel is asked again with that channel, and with all`() throws {
    let server = try Server(on: try ListenSocket(host: "127.0.0.1", port: 0), channels: 2, handler: origin.reply)
    defer { server.stop() }
    var clients: [RawClient] = []
    for path in ["/first", "/second", "/held"] {
      let client = try RawClient(port: server.port)
      try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
      clients.append(client)
    }
    while origin.askedFor.withLock({ $0 }) != [1, 1] || origin.asked.withLock({ $0 }) != 1 {}
    for _ in 0..<3 {
      let before = origin.askedFor.withLock { $0[1] }
      while origin.askedFor.withLock({ $0[1] }) == before { server.wake(channel: 1) }
    }
    #expect(origin.askedFor.withLock { $0[0] } == 1 && origin.asked.withLock { $0 } == 1)
    origin.open.withLock { $0 = true }
    server.wake(channel: 1)
    #expect(try clients[1].head().status == 200)
    server.wake()
    for client in [clients[0], clients[2]] { #expect(try client.head().status == 200) }
  }

  @Test func `what is there comes at once, the rest as it is appended, and then the end`() throws {
    try serve { server in
      origin.body.append([1, 2, 3])
      let client = try RawClient(port: server.port)
      try client.send("GET /body HTTP/1.1\r\nHost: x\r\n\r\n")
      let head = try client.head()
      #expect(head.status == 200 && head.header("Transfer-Encoding") == "chunked")
      #expect(try client.chunks(atLeast: 3) == [1, 2, 3])
      for value in UInt8(4)...50 {
        origin.body.append([value])
        server.sendOn()
        #expect(try client.chunks(atLeast: 1) == [value])
      }
      origin.body.finish()
      server.sendOn()
      #expect(try client.chunk().isEmpty)
      // The connection goes on.
      let again = try client.get("/body", "Range: bytes=1-1")
      #expect(again.status == 206)
      #expect(try client.chunks(atLeast: 1) == [2])
    }
  }

  @Test func `many readers that join at any time get the same bytes`() throws {
    try serve { server in
      var (clients, expected): ([RawClient], [UInt8]) = ([], [])
      for step in 0..<200 {
        let client = try RawClient(port: server.port)
        try client.send("GET /body HTTP/1.1\r\nHost: x\r\n\r\n")
        clients.append(client)
        let bytes = (0..<700).map { UInt8(truncatingIfNeeded: $0 * step) }
        expected += bytes
        origin.body.append(bytes[...])
        server.sendOn()
      }
      origin.body.finish()
      server.sendOn()
      for client in clients {
        #expect(try client.head().status == 200)
        #expect(try client.chunks(atLeast: .max) == expected)
      }
    }
  }

  @Test func `a range starts where it is asked to, and waits for bytes that are not there yet`() throws {
    try serve { server in
      origin.body.append([0, 1, 2, 3])
      let client = try RawClient(port: server.port)
      try client.send("GET /body HTTP/1.1\r\nHost: x\r\nRange: bytes=6-8\r\n\r\n")
      #expect(try client.head().header("Content-Range") == "bytes 6-8/*")
      origin.body.append([4, 5, 6, 7, 8, 9])
      server.sendOn()
      #expect(try client.chunks(atLeast: .max) == [6, 7, 8])
    }
  }

  @Test func `an HTTP 1_0 client gets the bytes without chunks, and the end of the connection`() throws {
    try serve { server in
      origin.body.append([1, 2])
      let client = try RawClient(port: server.port)
      try client.send("GET /body HTTP/1.0\r\n\r\n")
      #expect(try client.head().header("Transfer-Encoding") == nil)
      origin.body.append([3])
      origin.body.finish()
      server.sendOn()
      #expect(client.rest() == [1, 2, 3])
    }
  }

  @Test func `a held request is asked again at each wake and answered when it can be`() throws {
    try serve { server in
      let clients = try (0..<50).map { _ in try RawClient(port: server.port) }
      for client in clients { try client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n") }
      server.wake()
      origin.open.withLock { $0 = true }
      server.wake()
      for client in clients {
        #expect(try client.response().status == 200)
        #expect(try client.get("/held").status == 200)
      }
    }
  }

  @Test func `a handler may lose patience`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      try client.send("GET /impatient HTTP/1.1\r\nHost: x\r\n\r\n")
      while origin.asked.withLock({ $0 }) == 0 {}
      // The request may be on its way from the handler's word to the list of those that wait.
      while origin.asked.withLock({ $0 }) < 2 { server.wake() }
      #expect(try client.response().status == 503)
    }
  }

  @Test func `stopping lets everyone go, held and growing, and clients that have gone are forgotten`() throws {
    let server = try Server(host: "127.0.0.1", port: 0, handler: origin.reply)
    origin.body.append([1])
    let clients = try (0..<20).map { _ in try RawClient(port: server.port) }
    for (index, client) in clients.enumerated() {
      try client.send("GET \(index % 2 == 0 ? "/held" : "/body") HTTP/1.1\r\nHost: x\r\n\r\n")
      if index % 2 == 1 { _ = try client.head() }
    }
    for _ in 0..<10 {
      let gone = try RawClient(port: server.port)
      try gone.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
    }
    server.sendOn()
    server.stop()
    for client in clients { _ = client.rest() }
  }
}
