import HTTP
import Testing

/// Requests that no handler may see.
@Suite struct ServerRefusalTests {
  @Test func `malformed targets never reach the handler`() throws {
    let handler: @Sendable (Request) -> Response = {
      Issue.record("reached with \($0.path)")
      return .notFound
    }
    let refused = [
      ("/%", 400), ("/%zz", 400), ("/a%00b", 400), ("/a\u{0}b", 400), ("/a\u{0}", 400), ("/a?b\u{0}c", 400),
      ("/a?\u{0}", 400),
      ("/%ff", 400), ("/å", 400), ("/a b", 400), ("a", 400), ("*", 400), ("/a\u{0}HTTP/1.1", 400),
      ("http://user@x/a", 400), ("http:///a", 400), ("/..", 404), ("/../../etc/passwd", 404),
      ("/%2e%2e/%2e%2e/etc/passwd", 404), ("/a/..%2f..%2fetc/passwd", 404),
      ("http://x/../a", 404),
    ]
    try serve(handler) { server in
      for (target, status) in refused {
        let client = try RawClient(port: server.port)
        #expect(try client.get(target).status == status, "\(target)")
        #expect(client.rest().isEmpty)
      }
    }
  }

  /// RFC 9112 §11.2. The smuggled request must not be answered, so nothing may follow the refusal.
  @Test(arguments: [
    "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 35\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nContent-Length : 35\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    // RFC 9112 §3.2: a Host header field with an invalid value.
    "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: user@x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n",
    "GET http://x/ HTTP/1.1\r\nHost: <b>\r\n\r\n",
    // RFC 9112 §5.2: "A sender MUST NOT generate a message that includes line folding".
    "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n\tb\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n c\r\nY: d\r\n\r\n",
    // RFC 9110 §5.5: "a recipient of CR, LF, or NUL within a field value MUST either reject the message or replace each".
    "GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nX: a\0\0b\r\n\r\n",
    "GET / HTTP/1.1\r\nX: \0b\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n",
    // Lines that other readers take for the end of the head.
    "GET / HTTP/1.1\r\nHost: x\r\n\0Content-Length: 35\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\n: y\r\nContent-Length: 35\r\n\r\n",
    "G\0T / HTTP/1.1\r\nHost: x\r\n\r\n",
  ])
  func `an ambiguous request is refused and the connection closed`(head: String) throws {
    let handler: @Sendable (Request) -> Response = {
      Issue.record("reached with \($0.path)")
      return .notFound
    }
    try serve(handler) { server in
      let client = try RawClient(port: server.port)
      try client.send(head + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
      let response = try client.response()
      #expect(response.status == 400 || response.status == 413)
      #expect(response.header("Connection") == "close")
      #expect(client.rest().isEmpty)
    }
  }

  @Test(arguments: ["+0", "-1", "five", "0x5", "99999999999999999999999"])
  func `a malformed length is refused`(length: String) throws {
    let handler: @Sendable (Request) -> Response = {
      Issue.record("reached with \($0.path)")
      return .notFound
    }
    try serve(handler) { server in
      let client = try RawClient(port: server.port)
      try client.send(
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = String(decoding: client.rest(), as: UTF8.self)
      #expect(answer.hasPrefix("HTTP/1.1 400 ") || answer.hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test func `a method with content is answered without reading the content`() throws {
    try serve { server in
      for field in [
        "Content-Length: 1000000000", "Transfer-Encoding: chunked", "Content-Length: 9\r\nExpect: 100-continue",
      ] {
        let client = try RawClient(port: server.port)
        try client.send("POST / HTTP/1.1\r\nHost: x\r\n\(field)\r\n\r\n")
        let response = try client.response()
        #expect(response.status == 405)
        #expect(response.header("Allow") == "GET, HEAD, OPTIONS")
        #expect(client.rest().isEmpty)
      }
    }
  }

  @Test func `other methods without content keep the connection`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      try client.send("DELETE / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.response().status == 405)
      #expect(try client.get("/").status == 200)
    }
  }

  @Test func `a head that is too long is refused`() throws {
    try serve { server in
      let long = String(repeating: "a", count: 200_000)
      let many = (0..<5000).map { "X-\($0): y" }.joined(separator: "\r\n")
      let heads = [
        ("GET /\(long) HTTP/1.1\r\n", 414), ("GET / HTTP/1.1\r\nX: \(long)\r\n", 431),
        ("GET / HTTP/1.1\r\n\(many)\r\n", 431), ("GET / HTTP/1.1\r\n\(many)\r\n\(many)\r\n", 431),
      ]
      for (head, status) in heads {
        let client = try RawClient(port: server.port)
        // The server reads on after the answer, so that the answer is not lost.
        try? client.send(head + "Host: x\r\n\r\n")
        #expect(try client.response().status == status)
      }
      #expect(try RawClient(port: server.port).get("/").status == 200)
    }
  }

  @Test func `a head may have an unusual layout`() throws {
    let heads = [
      "GET / HTTP/1.1\nHost: x\nX: y\n\n", "\r\n\r\nGET / HTTP/1.1\r\nHost:x\r\nX:\r\nY: \t\r\nZ:  a \t b \r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\n\r\n", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.9\r\nHost: x\r\n\r\n",
      "GET /?a=b&c HTTP/1.1\r\nHost: x\r\nCookie: a=b; c=\"d\"\r\nCookie: e\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nExpect: something\r\nUpgrade: h2c\r\n\r\n",
    ]
    try serve { server in
      for head in heads {
        let whole = try answer(server, head)
        #expect(whole.body == Media.content, "\(head)")
        // However it is cut up on its way: each piece may move what there is.
        let client = try RawClient(port: server.port)
        for character in head.unicodeScalars { try client.send(String(character)) }
        let piecewise = try client.response()
        #expect(piecewise.body == Media.content, "\(head)")
      }
    }
  }

  @Test func `a head may have 64 kB, however it is cut up`() throws {
    try serve { server in
      for length in [2_000, 16_000, 60_000, 65_000] {
        let fields = (0..<length / 500).map { "X-\($0): \(String(repeating: "y", count: 490))\r\n" }.joined()
        let head = "GET / HTTP/1.1\r\n\(fields)Host: x\r\n\r\n"
        #expect(try answer(server, head).body == Media.content, "\(length)")
        let client = try RawClient(port: server.port)
        let middle = head.index(head.startIndex, offsetBy: length / 3)
        for piece in [head[..<middle], head[middle...]] { try client.send(String(piece)) }
        #expect(try client.response().body == Media.content, "\(length)")
      }
    }
  }

  private func answer(_ server: Server, _ head: String) throws -> RawResponse {
    let client = try RawClient(port: server.port)
    try client.send(head)
    return try client.response()
  }

  /// RFC 9110 §10.1.1: "A server that receives an Expect field value containing a member other than 100-continue MAY
  /// respond with a 417"; what is expected of a request without content is there already.
  @Test func `a request without content may expect a 100`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n")
      let interim = try client.response()
      #expect(interim.status == 100 && interim.lines.count == 1)
      #expect(try client.response().body == Media.content)
    }
  }

  @Test func `a stray percent sign in a query that nobody reads harms nothing`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      for target in ["/?x=100%", "//?t=%FC", "/?a[]=%zz", "/?%"] { #expect(try client.get(target).status == 200) }
    }
  }

  @Test func `the authority of an absolute form takes the place of the Host field`() throws {
    try serve({ .text(200, $0.header("Host") ?? "none") }) { server in
      let client = try RawClient(port: server.port)
      #expect(try client.get("/").text == "x")
      #expect(try client.get("http://radio.example:8080/a").text == "radio.example:8080")
    }
  }

  @Test func `a query may have many names`() throws {
    try serve({ .text(200, "\($0.query.count)") }) { server in
      let client = try RawClient(port: server.port)
      for count in [1, 100, 1000, 2500] {
        #expect(try client.get("/?\(String(repeating: "a&", count: count))").text == "\(count)")
      }
    }
  }
}
