import Glibc
import HTTP
import Synchronization
import Testing

/// Content of requests that a receiver takes piece by piece, over HTTP/1.1.
@Suite struct ReceivingTests {
  private static let host = "HTTP/1.1\r\nHost: x\r\n"
  private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

  /// A server whose path `/` is received, and whose other paths are answered with their names.
  private func serve(
    _ receivers: [RecordingReceiver], _ road: Road = .plain, limits: Server.Limits = .patient,
    _ test: (Server) throws -> Void
  ) throws {
    let next = Mutex(receivers[...])
    let server = try Server(host: "127.0.0.1", port: 0, limits: limits, certificate: try road.certificate()) {
      request, _ in
      guard request.path == "/" else { return .respond(.text(200, request.path)) }
      guard let receiver = next.withLock({ $0.popFirst() }) else { return .respond(.text(403, "no\n")) }
      return .receive(receiver)
    }
    defer { server.stop() }
    try test(server)
  }

  private static func chunked(_ content: [UInt8], by size: Int) -> [UInt8] {
    var (bytes, rest) = ([UInt8](), content[...])
    while !rest.isEmpty {
      let piece = rest.prefix(size)
      rest = rest.dropFirst(size)
      bytes += "\(String(piece.count, radix: 16));name=value\r\n".utf8 + piece + "\r\n".utf8
    }
    return bytes + "0\r\nTrailer: field\r\n\r\n".utf8
  }

  // Lengths

  @Test(arguments: Road.allCases)
  func `content with a length comes whole, and the next request follows`(road: Road) throws {
    let receivers = [RecordingReceiver(), RecordingReceiver()]
    try serve(receivers, road) { server in
      let client = try road.connect(server)
      for receiver in receivers {
        let head = "PUT / \(Self.host)Content-Length: \(Self.content.count)\r\n\r\n"
        try client.send(Array(head.utf8) + Self.content + "GET /next \(Self.host)\r\n".utf8)
        #expect(try client.response().text == "\(Self.content.count) bytes\n")
        #expect(try client.response().text == "/next")
        let calls = receiver.calls
        #expect(calls.content == Self.content)
        #expect(calls.begins == 1 && calls.ends == 1 && calls.abandonments == 0)
      }
    }
  }

  @Test(arguments: Road.allCases, [1000, 40_000])
  func `content in chunks comes whole, and the next request follows`(road: Road, size: Int) throws {
    let receiver = RecordingReceiver()
    try serve([receiver], road) { server in
      let client = try road.connect(server)
      let head = "POST / \(Self.host)Transfer-Encoding: chunked\r\n\r\n"
      try client.send(
        Array(head.utf8) + Self.chunked(Self.content, by: size) + "GET /next \(Self.host)\r\n".utf8)
      #expect(try client.response().text == "\(Self.content.count) bytes\n")
      #expect(try client.response().text == "/next")
      #expect(receiver.calls.content == Self.content)
      #expect(receiver.calls.ends == 1 && receiver.calls.abandonments == 0)
    }
  }

  @Test(
    arguments: Road.allCases,
    ["SOURCE / HTTP/1.0\r\n", "SOURCE / HTTP/1.1\r\nHost: x\r\n", "PUT / HTTP/1.1\r\nHost: x\r\n"])
  func `content without a length goes on until the client ends the connection`(road: Road, head: String) throws {
    let receiver = RecordingReceiver()
    try serve([receiver], road) { server in
      let client = try road.connect(server)
      try client.send(head + "\r\n")
      try client.send(Self.content)
      client.finishSending()
      let response = try client.response()
      #expect(response.text == "\(Self.content.count) bytes\n" && response.header("Connection") == "close")
      #expect(client.rest().isEmpty)
      #expect(receiver.calls.content == Self.content)
      #expect(receiver.calls.ends == 1 && receiver.calls.abandonments == 0)
    }
  }

  @Test(arguments: Road.allCases, ["SOURCE / HTTP/1.0\r\n", "SOURCE / HTTP/1.1\r\nHost: x\r\n"])
  func `a source client is answered in HTTP 1.0, as Icecast answers`(road: Road, head: String) throws {
    try serve([RecordingReceiver()], road) { server in
      let client = try road.connect(server)
      try client.send(head + "\r\nsound")
      client.finishSending()
      #expect(String(decoding: client.rest(), as: UTF8.self).hasPrefix("HTTP/1.0 200 OK\r\n"))
    }
  }

  @Test func `a length of 0 is an empty content, and the connection stays`() throws {
    let receiver = RecordingReceiver()
    try serve([receiver]) { server in
      let client = try RawClient(port: server.port)
      try client.send("PUT / \(Self.host)Content-Length: 0\r\n\r\n")
      #expect(try client.response().text == "0 bytes\n")
      #expect(try client.get("/next").text == "/next")
      #expect(receiver.calls.begins == 1 && receiver.calls.ends == 1 && receiver.calls.pieces == 0)
    }
  }

  @Test(arguments: Road.allCases, [false, true])
  func `a client that sends after the answer gets the answer first, and no other`(road: Road, isRefused: Bool) throws {
    let receiver = RecordingReceiver(earlyAnswer: Response(status: 200)) {
      isRefused && $0.content.count >= 5 ? .refuse(.notFound) : .more
    }
    try serve([receiver], road) { server in
      let client = try road.connect(server)
      try client.send("SOURCE / HTTP/1.0\r\n\r\n")
      let response = try client.response()
      #expect(response.status == 200 && response.body.isEmpty)
      try client.send("sound")
      if !isRefused { client.finishSending() }
      #expect(client.rest().isEmpty)
      #expect(receiver.calls.content == Array("sound".utf8))
      #expect(receiver.calls.ends == (isRefused ? 0 : 1) && receiver.calls.abandonments == (isRefused ? 1 : 0))
    }
  }

  // Expect: 100-continue

  @Test(arguments: ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""])
  func `a client that waits is told to continue when the content is wanted`(framing: String) throws {
    try serve([RecordingReceiver()]) { server in
      let client = try RawClient(port: server.port)
      try client.send("PUT / \(Self.host)Expect: 100-continue\r\n\(framing)\r\n")
      #expect(try client.response().status == 100)
      try client.send(framing.hasPrefix("T") ? "5\r\nhello\r\n0\r\n\r\n" : "hello")
      if framing.isEmpty { client.finishSending() }
      #expect(try client.response().text == "5 bytes\n")
    }
  }

  @Test(arguments: ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""])
  func `a client that waits is only told the answer when no content is wanted`(framing: String) throws {
    // No receiver is left, so that the handler answers 403.
    try serve([]) { server in
      let client = try RawClient(port: server.port)
      try client.send("PUT / \(Self.host)Expect: 100-continue\r\n\(framing)\r\n")
      #expect(try client.response().status == 403)
    }
  }

  @Test func `a request that was held is received, and its handler is not asked again`() throws {
    let receiver = RecordingReceiver()
    let asked = Atomic(0)
    let server = try Server(host: "127.0.0.1", port: 0) { _, waited in
      asked.add(1, ordering: .relaxed)
      return waited == 0 ? .hold : .receive(receiver)
    }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send("SOURCE / \(Self.host)Expect: 100-continue\r\n\r\n")
    client.onWait = { server.wake() }
    #expect(try client.response().status == 100)
    client.onWait = nil
    let before = asked.load(ordering: .relaxed)
    server.wake()
    try client.send(Self.content)
    client.finishSending()
    #expect(try client.response().text == "\(Self.content.count) bytes\n")
    #expect(asked.load(ordering: .relaxed) == before && receiver.calls.begins == 1)
  }

  // Pauses

  @Test(arguments: Road.allCases, [false, true])
  func `nothing comes during a pause, and everything after the pauses`(road: Road, isChunked: Bool) throws {
    let receiver = RecordingReceiver { _ in .pause }
    try serve([receiver], road) { server in
      let client = try road.connect(server)
      let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(Self.content.count)"
      let bytes = isChunked ? Self.chunked(Self.content, by: 5000) : Self.content
      let resumer = Writer {
        while receiver.waits(until: { $0.isPaused || $0.ends > 0 }), receiver.calls.ends == 0 {
          receiver.resume()
        }
      }
      try client.send(Array("PUT / \(Self.host)\(framing)\r\n\r\n".utf8) + bytes)
      #expect(try client.response().text == "\(Self.content.count) bytes\n")
      #expect(try client.get("/next").text == "/next")
      resumer.join()
      let calls = receiver.calls
      #expect(calls.content == Self.content && calls.pieces > 1)
      #expect(calls.unwanted == 0 && calls.ends == 1 && calls.abandonments == 0)
    }
  }

  @Test func `a client that sends faster than the receiver takes is slowed down`() throws {
    let receiver = RecordingReceiver { $0.pieces == 1 ? .pause : .more }
    let bytes = [UInt8](repeating: 7, count: 64 << 20)
    try serve([receiver]) { server in
      let client = try RawClient(port: server.port)
      try client.send("PUT / \(Self.host)Content-Length: \(bytes.count)\r\n\r\n")
      let sent = client.sendUntilFull(bytes)
      // Linux keeps at most 6 MB for a receiver and 4 MB for a sender (tcp(7)); the server keeps less than 64 kB.
      #expect(sent < 16 << 20)
      #expect(receiver.calls.pieces == 1 && receiver.calls.content.count <= 64 << 10)
      receiver.resume()
      try client.send(Array(bytes[sent...]))
      #expect(try client.response().text == "\(bytes.count) bytes\n")
    }
  }

  // Refusals

  @Test(arguments: Road.allCases)
  func `a receiver refuses in the middle, and nothing more is read`(road: Road) throws {
    let receiver = RecordingReceiver { $0.content.count >= 1000 ? .refuse(.text(413, "enough\n")) : .more }
    try serve([receiver], road) { server in
      let client = try road.connect(server)
      let smuggled = String(repeating: "GET /smuggled \(Self.host)\r\n", count: 100)
      try client.send("PUT / \(Self.host)Content-Length: 5000\r\n\r\n" + smuggled)
      let response = try client.response()
      #expect(response.status == 413 && response.text == "enough\n" && response.header("Connection") == "close")
      #expect(client.rest().isEmpty)
      #expect(receiver.calls.abandonments == 1 && receiver.calls.ends == 0)
    }
  }

  @Test(arguments: Road.allCases, [false, true])
  func `content is refused from another thread, in a pause too`(road: Road, isPaused: Bool) throws {
    let receiver = RecordingReceiver { _ in isPaused ? .pause : .more }
    try serve([receiver], road) { server in
      let client = try road.connect(server)
      try client.send("SOURCE / \(Self.host)\r\nsound")
      #expect(receiver.waits { $0.pieces == 1 })
      receiver.calls.control?.refuse(.text(409, "the mount is taken\n"))
      // The second call has no effect.
      receiver.calls.control?.refuse(.text(500, "again\n"))
      #expect(try client.response().status == 409)
      #expect(client.rest().isEmpty)
      #expect(receiver.calls.abandonments == 1 && receiver.calls.ends == 0)
    }
  }

  // Ends that come too early

  @Test(arguments: Road.allCases, ["Content-Length: 1000", "Transfer-Encoding: chunked"])
  func `a client that goes in the middle is noticed once`(road: Road, framing: String) throws {
    let receiver = RecordingReceiver()
    try serve([receiver], road) { server in
      do {
        let client = try road.connect(server)
        try client.send("PUT / \(Self.host)\(framing)\r\n\r\n\(framing.hasPrefix("T") ? "8\r\n" : "")half")
        #expect(receiver.waits { $0.pieces == 1 })
      }
      #expect(receiver.waits { $0.abandonments == 1 })
      // The server has closed the connection, and does not abandon the content again.
      server.stop()
      #expect(receiver.calls.abandonments == 1 && receiver.calls.ends == 0)
    }
  }

  @Test func `a client that goes during a pause is noticed after the pause`() throws {
    let receiver = RecordingReceiver { $0.pieces == 1 ? .pause : .more }
    try serve([receiver]) { server in
      do {
        let client = try RawClient(port: server.port)
        try client.send("PUT / \(Self.host)Content-Length: 1000\r\n\r\nhalf")
        #expect(receiver.waits { $0.isPaused })
      }
      receiver.resume()
      #expect(receiver.waits { $0.abandonments == 1 })
      #expect(receiver.calls.ends == 0)
    }
  }

  @Test func `a server that stops abandons the content`() throws {
    let receivers = [RecordingReceiver { _ in .pause }, RecordingReceiver()]
    try serve(receivers) { server in
      var clients: [RawClient] = []
      for receiver in receivers {
        let client = try RawClient(port: server.port)
        try client.send("SOURCE / \(Self.host)\r\nsound")
        #expect(receiver.waits { $0.pieces == 1 })
        clients.append(client)
      }
      server.stop()
      for receiver in receivers { #expect(receiver.calls.abandonments == 1 && receiver.calls.ends == 0) }
      // The control of a request that is over has no effect.
      receivers[0].resume()
      receivers[1].calls.control?.refuse(.notFound)
    }
  }

  @Test(arguments: [
    "x", "5\nhello", "5\r\nhello!", "-1\r\n", "5\r\nhello\r\n0\r\nTrailer\n\r\n", "1000000000000000\r\n",
  ])
  func `malformed chunks are answered with 400, and the content is abandoned`(chunks: String) throws {
    let receiver = RecordingReceiver()
    try serve([receiver]) { server in
      let client = try RawClient(port: server.port)
      try client.send("PUT / \(Self.host)Transfer-Encoding: chunked\r\n\r\n\(chunks)")
      let response = try client.response()
      #expect(response.status == 400 && response.header("Connection") == "close")
      #expect(client.rest().isEmpty)
      #expect(receiver.calls.abandonments == 1 && receiver.calls.ends == 0)
    }
  }

  @Test(arguments: Road.allCases, ["Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n", ""])
  func `a client that sends more slowly than the receiver allows is cut off`(road: Road, framing: String) throws {
    var limits = Server.Limits.patient
    limits.idleSeconds = 1
    let receiver = RecordingReceiver(slowestRate: 1_000_000)
    try serve([receiver], road, limits: limits) { server in
      let client = try road.connect(server)
      try client.send("PUT / \(Self.host)\(framing)\r\n")
      // The deadline of the next piece would never pass.
      while (try? client.send(framing.hasPrefix("T") ? "1\r\n.\r\n" : ".")) != nil { usleep(20_000) }
      #expect(receiver.waits { $0.abandonments == 1 })
      #expect(receiver.calls.ends == 0)
    }
  }
}
