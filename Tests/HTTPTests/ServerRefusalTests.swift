import HTTP
import Testing

/// What no handler may see.
@Suite struct ServerRefusalTests {
  @Test func malformedTargetsNeverReachTheHandler() throws {
    let handler: @Sendable (Request) -> Response = {
      Issue.record("reached with \($0.path)")
      return .notFound
    }
    let refused = [
      ("/%", 400), ("/%zz", 400), ("/a%00b", 400), ("/a\u{0}b", 400), ("/a\u{0}", 400), ("/a?b\u{0}c", 400),
      ("/a?\u{0}", 400),
      ("/%ff", 400), ("/å", 400), ("/a b", 400), ("a", 400), ("*", 400), ("/?a=%", 400), ("/a\u{0}HTTP/1.1", 400),
      ("/..", 404), ("/../../etc/passwd", 404), ("/%2e%2e/%2e%2e/etc/passwd", 404), ("/a/..%2f..%2fetc/passwd", 404),
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
  ])
  func anAmbiguousRequestIsRefusedAndTheConnectionClosed(head: String) throws {
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

  /// libmicrohttpd refuses these itself; 0.9.75 sends its head twice, so only the first line is looked at.
  @Test(arguments: ["+0", "-1", "five", "0x5", "99999999999999999999999"])
  func aMalformedLengthIsRefused(length: String) throws {
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

  @Test func aMethodWithContentIsAnsweredWithoutReadingIt() throws {
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

  @Test func otherMethodsWithoutContentKeepTheConnection() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      try client.send("DELETE / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.response().status == 405)
      #expect(try client.get("/").status == 200)
    }
  }

  @Test func tooMuchHeadIsRefused() throws {
    try serve { server in
      let long = String(repeating: "a", count: 200_000)
      let many = (0..<5000).map { "X-\($0): y" }.joined(separator: "\r\n")
      let heads = [
        ("GET /\(long) HTTP/1.1\r\n", 414), ("GET / HTTP/1.1\r\nX: \(long)\r\n", 431),
        ("GET / HTTP/1.1\r\n\(many)\r\n", 431),
      ]
      for (head, status) in heads {
        let client = try RawClient(port: server.port)
        // The server may close before it has all, which resets the connection and may lose its answer.
        try? client.send(head + "Host: x\r\n\r\n")
        if let response = try? client.response() { #expect(response.status == status) }
      }
      #expect(try RawClient(port: server.port).get("/").status == 200)
    }
  }

  @Test func aQueryMayHaveManyNames() throws {
    try serve({ .text(200, "\($0.query.count)") }) { server in
      let client = try RawClient(port: server.port)
      for count in [1, 100, 1000, 2500] {
        #expect(try client.get("/?\(String(repeating: "a&", count: count))").text == "\(count)")
      }
    }
  }
}
