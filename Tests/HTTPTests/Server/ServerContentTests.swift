import HTTP
import Testing

/// Content that a handler asks for is read, and no other.
@Suite struct ServerContentTests {
  /// Answers a PUT with its content, up to 5000 bytes, and anything else as it always does.
  private func serveEcho(
    limits: Server.Limits = .init(), certificate: Certificate? = nil, _ body: (Server) throws -> Void
  ) throws {
    let server = try Server(host: "127.0.0.1", port: 0, limits: limits, certificate: certificate) {
      (request: Request, _: Int) -> Reply in
      guard request.method == .put else { return .respond(.text(200, "no PUT\n")) }
      guard request.path != "/refused" else { return .respond(.text(403, "refused\n")) }
      guard let content = request.content else { return .content(atMost: 5000) }
      return .respond(.text(200, String(decoding: content, as: UTF8.self)))
    }
    defer { server.stop() }
    try body(server)
  }

  private func put(_ content: String, length: Int? = nil, to path: String = "/", fields: String = "") -> String {
    "PUT \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length ?? content.utf8.count)\r\n\(fields)\r\n\(content)"
  }

  @Test(arguments: [0, 1, 17, 1000, 4999, 5000])
  func `content comes whole, and the connection stays`(length: Int) throws {
    try serveEcho { server in
      let client = try RawClient(port: server.port)
      for round in 0..<2 {
        let content = String(repeating: "\(round): 0123456789\r\n\r\n", count: 300).prefix(bytes: length)
        try client.send(put(content))
        let response = try client.response()
        #expect(response.status == 200 && response.text == content)
      }
      #expect(try client.get("/").text == "no PUT\n")
    }
  }

  @Test func `however it is cut up on its way`() throws {
    try serveEcho { server in
      let client = try RawClient(port: server.port)
      let content = (0..<50).map { "line \($0)\r\n\r\n" }.joined()
      for piece in put(content).unicodeScalars { try client.send(String(piece)) }
      #expect(try client.response().text == content)
    }
  }

  @Test func `over TLS as well`() throws {
    let certificate = TestCertificate()
    try serveEcho(certificate: try Certificate(chain: certificate.chain, key: certificate.key)) { server in
      let client = try RawClient(port: server.port, tls: "NORMAL")
      for content in [String(repeating: "a", count: 5000), "short"] {
        let (head, rest) = (put("", length: content.utf8.count), content.dropFirst(3))
        try client.send(head + content.prefix(3))
        try client.send(String(rest))
        #expect(try client.response().text == content)
      }
    }
  }

  @Test func `what follows it is the next request, and nothing in it is`() throws {
    try serveEcho { server in
      let smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
      let client = try RawClient(port: server.port)
      try client.send(put(smuggled) + put("second") + "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      let texts = try (0..<3).map { _ in try client.response().text }
      #expect(texts == [smuggled, "second", "no PUT\n"])
    }
  }

  @Test func `what may continue is told to`() throws {
    try serveEcho { server in
      let client = try RawClient(port: server.port)
      try client.send(put("", length: 5, fields: "Expect: 100-continue\r\n"))
      #expect(try client.response().status == 100)
      try client.send("hello")
      #expect(try client.response().text == "hello")
    }
  }

  @Test(arguments: [
    ("Content-Length: 5001", 413), ("Content-Length: 1000000000", 413), ("Transfer-Encoding: chunked", 411),
    ("Content-Length: 5001\r\nExpect: 100-continue", 413), ("Transfer-Encoding: chunked\r\nExpect: 100-continue", 411),
    ("Content-Length: 5\r\nContent-Length: 5", 400), ("Content-Length: 5\r\nTransfer-Encoding: chunked", 400),
  ])
  func `content that is too long, or of unknown length, is refused and not read`(field: String, status: Int) throws {
    try serveEcho { server in
      let client = try RawClient(port: server.port)
      try client.send("PUT / HTTP/1.1\r\nHost: x\r\n\(field)\r\n\r\n")
      let response = try client.response()
      #expect(response.status == status)
      #expect(response.header("Connection") == "close")
      #expect(client.rest().isEmpty)
    }
  }

  @Test func `who is refused is so before the content is read`() throws {
    try serveEcho { server in
      let client = try RawClient(port: server.port)
      try client.send(put("", length: 100, to: "/refused"))
      #expect(try client.response().status == 403)
      #expect(client.rest().isEmpty)
    }
  }

  @Test func `content that does not come is not waited for without end`() throws {
    var limits = Server.Limits()
    (limits.headerSeconds, limits.idleSeconds) = (1, 3600)
    try serveEcho(limits: limits) { server in
      let client = try RawClient(port: server.port)
      try client.send(put("half", length: 8))
      #expect(client.rest().isEmpty)
    }
  }
}

extension String {
  fileprivate func prefix(bytes count: Int) -> String { String(decoding: utf8.prefix(count), as: UTF8.self) }
}
