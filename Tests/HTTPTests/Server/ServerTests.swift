import HTTP
import Synchronization
import Testing

@Suite struct ServerTests {
  @Test func `a response has exactly these bytes`() throws {
    let handler: @Sendable (Request) -> Response = { request in
      Response(
        status: 200, headers: [("Content-Type", "text/x"), ("X-Path", request.path)], body: [.init([0x61, 0x62])])
    }
    try serve(handler) { server in
      let client = try RawClient(port: server.port)
      try client.send("GET /a%20b?c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let lines = String(decoding: client.rest(), as: UTF8.self).split(
        separator: "\r\n", omittingEmptySubsequences: false)
      #expect(lines.contains { $0.hasPrefix("Date: ") && $0.hasSuffix(" GMT") })
      #expect(
        lines.filter { !$0.hasPrefix("Date: ") } == [
          "HTTP/1.1 200 OK", "Connection: close", "Content-Type: text/x", "X-Path: /a b",
          "X-Content-Type-Options: nosniff", "Content-Length: 2", "", "ab",
        ])
    }
  }

  @Test func `HEAD is GET without the content`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      let get = try client.get("/")
      try client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
      let head = try client.response(toHead: true)
      #expect(head.header("Content-Length") == "100000")
      #expect(Self.undated(head) == Self.undated(get))
      #expect(get.body == Media.content)
      #expect(try client.response().body == Media.content)
    }
  }

  private static func undated(_ response: RawResponse) -> [String] {
    response.lines.filter { !$0.hasPrefix("Date: ") }
  }

  /// RFC 9110 §8.6: a 304's Content-Length is that of the 200, or is not there.
  @Test func `a 304 has no content`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      let response = try client.get("/", "If-None-Match: \"tag\"")
      #expect(
        Self.undated(response).filter { $0 != "Content-Length: 100000" } == [
          "HTTP/1.1 304 Not Modified", "ETag: \"tag\"", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
          "Cache-Control: max-age=60", "X-Content-Type-Options: nosniff",
        ])
      #expect(response.header("Date") != nil)
      #expect(try client.get("/").body == Media.content)
    }
  }

  /// §8.6: "A server MUST NOT send a Content-Length header field in any response with a status code of 1xx
  /// (Informational) or 204 (No Content)."
  @Test func `a 204 has no Content-Length`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      for target in ["/", "/a", "*"] {
        try client.send("OPTIONS \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
        let response = try client.response()
        #expect(response.status == 204)
        #expect(response.header("Allow") == "GET, HEAD, OPTIONS")
        #expect(response.header("Content-Length") == nil && response.header("Transfer-Encoding") == nil)
      }
    }
  }

  @Test func `pipelined requests are answered in order`() throws {
    try serve({ .text(200, $0.path) }) { server in
      let client = try RawClient(port: server.port)
      try client.send((0..<500).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
      for number in 0..<500 { #expect(try client.response().text == "/\(number)") }
    }
  }

  @Test func `nothing is handled after stop`() throws {
    let handled = Atomic(0)
    let server = try Server(host: "127.0.0.1", port: 0) { _ in
      handled.add(1, ordering: .relaxed)
      return .notFound
    }
    let client = try RawClient(port: server.port)
    #expect(try client.get("/").status == 404)
    server.stop()
    try? client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.rest().isEmpty)
    #expect(throws: RawClient.Failure.self) { try RawClient(port: server.port) }
    #expect(handled.load(ordering: .relaxed) == 1)
    server.stop()
  }

  @Test func `stopping does not wait for clients`() throws {
    let handler: @Sendable (Request) -> Response = { _ in
      Response(status: 200, body: [.init([UInt8](repeating: 0, count: 50_000_000))])
    }
    let server = try Server(host: "127.0.0.1", port: 0, handler: handler)
    let reading = try RawClient(port: server.port)
    let writing = try RawClient(port: server.port)
    try reading.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try writing.send("GET / HT")
    server.stop()
    #expect(writing.rest().isEmpty)
  }

  @Test func `a port is free again at once`() throws {
    let first = try Server(host: "127.0.0.1", port: 0, handler: Media.representation.response)
    let port = first.port
    let client = try RawClient(port: port)
    #expect(try client.get("/").status == 200)
    first.stop()
    let second = try Server(host: "127.0.0.1", port: port, handler: Media.representation.response)
    #expect(second.port == port)
    #expect(try RawClient(port: port).get("/").status == 200)
    second.stop()
  }

  @Test func `one thread serves too`() throws {
    let server = try Server(host: "127.0.0.1", port: 0, threads: 1, handler: Media.representation.response)
    defer { server.stop() }
    #expect(try RawClient(port: server.port).get("/").body == Media.content)
  }
}
