import HTTP
import Testing

/// Readers of a growing body, over real sockets, in every way that they can be slow, gone or particular.
@Suite struct FollowersTests {
  private let body = GrowingBody(capacity: 1 << 20)

  private func serve(limits: Server.Limits = .patient, _ test: (Server) throws -> Void) throws {
    let body = body
    try HTTPTests.serve(limits: limits) { request in
      GrowingRepresentation(body, contentType: "audio/mpeg", cacheControl: "no-cache")
        .response(to: request, everyFrame: request.path == "/prompt")
    } _: { server in
      try test(server)
    }
  }

  private func client(_ server: Server, _ request: String = "GET / HTTP/1.1", isNarrow: Bool = false) throws
    -> RawClient
  {
    let client = try RawClient(port: server.port, isNarrow: isNarrow)
    try client.send("\(request)\r\nHost: x\r\n\r\n")
    return client
  }

  /// Bytes that tell their place.
  private func bytes(_ range: Range<Int>) -> [UInt8] {
    range.map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
  }

  private func grow(_ server: Server, to end: Int, by step: Int) {
    while body.count < end {
      body.append(bytes(body.count..<min(end, body.count + step))[...])
      server.sendOn()
    }
  }

  @Test func `slow readers get every byte once, and the others need not wait for them`() throws {
    try serve { server in
      let slow = try (0..<8).map { _ in try client(server, isNarrow: true) }
      let quick = try (0..<8).map { _ in try client(server) }
      for client in slow + quick { #expect(try client.head().status == 200) }
      // Many times what the sockets hold.
      let end = 240_000
      while body.count < end {
        let before = body.count
        grow(server, to: min(end, before + 3_001), by: 3_001)
        for client in quick { #expect(try client.chunks(atLeast: body.count - before) == bytes(before..<body.count)) }
      }
      body.finish()
      let expected = bytes(0..<end)
      for client in slow {
        client.onWait = { server.sendOn() }
        #expect(try client.chunks(atLeast: .max) == expected)
        #expect(try client.get("/", "Range: bytes=0-0").status == 206)
      }
      server.sendOn()
      for client in quick { #expect(try client.chunk().isEmpty) }
    }
  }

  @Test func `a reader that stops and goes on is where it was`() throws {
    try serve { server in
      let reader = try client(server, isNarrow: true)
      #expect(try reader.head().status == 200)
      var received: [UInt8] = []
      for round in 1...4 {
        grow(server, to: round * 60_000, by: 1_500)
        reader.onWait = { server.sendOn() }
        received += try reader.chunks(atLeast: 40_000)
      }
      body.finish()
      received += try reader.chunks(atLeast: .max)
      #expect(received == bytes(0..<240_000))
    }
  }

  @Test func `a round for the listeners that want every frame reaches no others`() throws {
    try serve { server in
      let prompt = try client(server, "GET /prompt HTTP/1.1")
      let other = try client(server)
      for client in [prompt, other] { #expect(try client.head().status == 200) }
      var received: [UInt8] = []
      // Until the answer follows, the loop sends all bytes there are. Later, the bytes of two rounds come as one chunk.
      let isLeftOut = try (0..<1000).contains { _ in
        for _ in 0..<2 {
          let before = body.count
          body.append(bytes(before..<before + 100)[...])
          server.sendOn(everyFrameOnly: true)
          #expect(try prompt.chunk() == bytes(before..<before + 100))
        }
        server.sendOn()
        let chunk = try other.chunk()
        received += chunk
        received += try other.chunks(atLeast: body.count - received.count)
        return chunk.count == 200
      }
      #expect(isLeftOut)
      #expect(received == bytes(0..<body.count))
      body.finish()
      server.sendOn()
      for client in [prompt, other] { #expect(try client.chunk().isEmpty) }
    }
  }

  @Test func `a round of one channel is for no other channel's readers`() throws {
    let body = body
    let server = try Server(on: try ListenSocket(host: "127.0.0.1", port: 0), channels: 2, limits: .patient) {
      request, _ in
      let response = GrowingRepresentation(body, contentType: "audio/mpeg", cacheControl: "no-cache")
        .response(to: request)
      return .respond(response.on(channel: request.path == "/other" ? 1 : 0))
    }
    defer { server.stop() }
    let first = try client(server)
    let other = try client(server, "GET /other HTTP/1.1")
    for client in [first, other] { #expect(try client.head().status == 200) }
    var received: [UInt8] = []
    // Until an answer follows, the loop sends all bytes there are. Later, two rounds of another channel send nothing.
    let isLeftOut = try (0..<1000).contains { _ in
      for _ in 0..<2 {
        let before = body.count
        body.append(bytes(before..<before + 100)[...])
        server.sendOn(channel: 0)
        #expect(try first.chunk() == bytes(before..<before + 100))
      }
      server.sendOn(channel: 1)
      let chunk = try other.chunk()
      received += chunk
      received += try other.chunks(atLeast: body.count - received.count)
      return chunk.count == 200
    }
    #expect(isLeftOut)
    #expect(received == bytes(0..<body.count))
    body.finish()
    for channel in 0..<2 { server.sendOn(channel: channel) }
    for client in [first, other] { #expect(try client.chunk().isEmpty) }
  }

  @Test func `readers that hang up in mid chunk are let go, and so, after the end, are those who never read`() throws {
    var limits = Server.Limits.patient
    (limits.connections, limits.idleSeconds, limits.slowestRate) = (20, 1, .max)
    try serve(limits: limits) { server in
      var gone = try (0..<10).map { _ in try client(server, isNarrow: true) }
      let stuck = try (0..<10).map { _ in try client(server, isNarrow: true) }
      for client in gone + stuck { #expect(try client.head().status == 200) }
      grow(server, to: 300_000, by: 3_000)
      gone = []
      // As long as one of them is there, there is no room for all of these.
      var others: [RawClient] = []
      while others.count < 10 {
        server.sendOn()
        if let other = try? client(server), (try? other.head().status) == 200 { others.append(other) }
      }
      body.finish()
      for client in stuck {
        client.onWait = { server.sendOn() }
        try client.waitForReset()
      }
    }
  }

  @Test func `what is asked for meanwhile is answered afterwards`() throws {
    try serve { server in
      let reader = try client(server)
      #expect(try reader.head().status == 200)
      try reader.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nRange: bytes=2-4\r\n\r\n")
      grow(server, to: 100_000, by: 777)
      #expect(try reader.chunks(atLeast: 100_000) == bytes(0..<100_000))
      body.finish()
      server.sendOn()
      #expect(try reader.chunk().isEmpty)
      #expect(try reader.head().status == 200)
      #expect(try reader.head().header("Content-Range") == "bytes 2-4/*")
      #expect(try reader.chunks(atLeast: .max) == bytes(2..<5))
    }
  }

  @Test func `ranges that are open, closed, and not reached yet`() throws {
    try serve { server in
      body.append(bytes(0..<100)[...])
      let ranges = [(50, nil), (0, 149), (120, nil), (100, nil), (130, 5000), (99, 100)]
      let clients = try ranges.map { from, to in
        try client(server, "GET / HTTP/1.1\r\nRange: bytes=\(from)-\(to.map(String.init) ?? "")")
      }
      for client in clients { #expect(try client.head().status == 206) }
      grow(server, to: 1000, by: 7)
      body.finish()
      server.sendOn()
      for (client, (from, to)) in zip(clients, ranges) {
        #expect(try client.chunks(atLeast: .max) == bytes(from..<min(1000, (to ?? 999) + 1)))
      }
    }
  }

  @Test func `HTTP 1_0 gets the bytes as they are`() throws {
    try serve { server in
      let readers = try ["", "\r\nConnection: keep-alive"].map { try client(server, "GET / HTTP/1.0\($0)") }
      for reader in readers { #expect(try reader.head().header("Transfer-Encoding") == nil) }
      grow(server, to: 50_000, by: 999)
      body.finish()
      server.sendOn()
      for reader in readers { #expect(reader.rest() == bytes(0..<50_000)) }
    }
  }

  @Test func `an answer that is broken off has no end`() throws {
    try serve { server in
      let early = try client(server)
      #expect(try early.head().status == 200)
      body.finish()
      server.sendOn()
      // Nothing came of it, and that must not be taken for the whole.
      #expect(early.rest().isEmpty)
      #expect(try client(server).head().status == 200)
    }
    let other = FollowersTests()
    try other.serve { server in
      let reader = try other.client(server)
      #expect(try reader.head().status == 200)
      other.grow(server, to: 10, by: 10)
      server.stop()
      // Neither an end nor anything twice.
      #expect(reader.rest() == Array("A\r\n".utf8) + other.bytes(0..<10) + [13, 10])
    }
  }

  @Test func `readers come and go while it grows and is sent on, on different threads`() throws {
    try serve { server in
      let body = body
      let writer = Writer {
        grow(server, to: 300_000, by: 543); body.finish(); server.sendOn()
      }
      let expected = bytes(0..<300_000)
      for round in 0..<60 {
        let from = round * 4_000
        let reader = try client(
          server, "GET / HTTP/1.1\r\nRange: bytes=\(from)-", isNarrow: round % 3 == 0)
        #expect(try reader.head().status == 206)
        if round % 2 == 0 { continue }
        reader.onWait = { server.sendOn() }
        let received = try reader.chunks(atLeast: round % 5 == 0 ? .max : 10_000)
        #expect(expected[from...].starts(with: received))
        if round % 5 == 0 { #expect(received.count == expected.count - from) }
      }
      writer.join()
    }
  }
}
