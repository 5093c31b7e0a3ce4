import CGnuTLS
import Glibc
import Testing

@testable import HTTP

/// A server of TLS, over real sockets.
@Suite struct TLSTests {
  private let certificate = TestCertificate()
  private let body = GrowingBody(capacity: 1 << 20)

  /// A body that grows at /body, a word at /short, media anywhere else.
  private func serve(_ limits: Server.Limits = .patient, _ use: (Server) throws -> Void) throws {
    let body = body
    let server = try Server(
      host: "127.0.0.1", port: 0, limits: limits,
      certificate: Certificate(chain: certificate.chain, key: certificate.key)
    ) { request, _ in
      let growing = GrowingRepresentation(body, contentType: "audio/mpeg", cacheControl: "no-cache")
      switch request.path {
      case "/body": return .respond(growing.response(to: request))
      case "/short": return .respond(.text(200, "short\n"))
      default: return .respond(Media.representation.response(to: request))
      }
    }
    defer { server.stop() }
    try use(server)
  }

  @Test(arguments: ["NORMAL:-VERS-ALL:+VERS-TLS1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.2"])
  func `requests are answered, one after the other`(priorities: String) throws {
    try serve { server in
      let client = try RawClient(port: server.port, tls: priorities)
      #expect(client.certificate == certificate.shown)
      for _ in 0..<3 { #expect(try client.get("/").body == Media.content) }
      try client.send(String(repeating: "GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=1-2\r\n\r\n", count: 50))
      for _ in 0..<50 { #expect(try client.response().body == Array(Media.content[1...2])) }
    }
  }

  @Test func `a request behind a new key, in one packet, is answered`() throws {
    try serve { server in
      let client = try RawClient(port: server.port, tls: "NORMAL:-VERS-ALL:+VERS-TLS1.3")
      #expect(try client.get("/short").status == 200)
      try client.renewKey(andSend: "GET /short HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.response().status == 200)
    }
  }

  @Test(arguments: [
    "NORMAL:-VERS-ALL:+VERS-TLS1.1", "NORMAL:-VERS-ALL:+VERS-TLS1.0",
    // Without forward secrecy, and without authenticated encryption.
    "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC",
  ])
  func `what is out of date is refused`(priorities: String) throws {
    try serve { server in
      #expect(throws: RawClient.Failure.self) { try RawClient(port: server.port, tls: priorities) }
      let current = try RawClient(port: server.port, tls: "NORMAL")
      #expect(try current.get("/").status == 200)
    }
  }

  /// RFC 8446 §6.2: "… it SHOULD send an appropriate fatal alert". RFC 7301 §3.2: no_application_protocol.
  @Test(arguments: [
    ("NORMAL:-VERS-ALL:+VERS-TLS1.1", nil), ("NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA", nil),
    ("NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC", nil), ("NORMAL", "h3"), ("NORMAL", "spdy/3"),
    ("NORMAL:-VERS-ALL:+VERS-TLS1.2", "h3"),
  ])
  func `a client without a common version, cipher or protocol gets an alert`(
    priorities: String, offered: String?
  ) throws {
    try serve { server in
      do {
        let client = try RawClient(port: server.port, tls: priorities, offering: offered)
        Issue.record("the server shakes hands: \(try client.get("/").status)")
      } catch RawClient.Failure.handshake(let code) {
        #expect(code == GNUTLS_E_FATAL_ALERT_RECEIVED)
      }
    }
  }

  @Test func `a client that speaks HTTP without TLS is told so`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(String(decoding: client.rest(), as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
    }
  }

  @Test func `a growing body is sent on as it grows, whatever the size of its pieces, and then the end`() throws {
    try serve { server in
      let clients = try (0..<20).map { _ in try RawClient(port: server.port, tls: "NORMAL") }
      var expected: [UInt8] = []
      for client in clients {
        try client.send("GET /body HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.head().status == 200)
      }
      for (step, size) in [1, 700, 16_384, 50_000, 200_000].enumerated() {
        let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* step) }
        expected += piece
        body.append(piece[...])
        server.sendOn()
        for client in clients {
          client.onWait = { server.sendOn() }
          #expect(try client.chunks(atLeast: size) == piece)
        }
      }
      body.finish()
      server.sendOn()
      for client in clients {
        #expect(try client.chunk().isEmpty)
        // The connection goes on.
        try client.send("GET /body HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.head().status == 200)
        #expect(try client.chunks(atLeast: .max) == expected)
      }
    }
  }

  @Test func `what grows is not kept back until there is more of it, whatever was asked for before`() throws {
    try serve { server in
      let client = try RawClient(port: server.port, tls: "NORMAL")
      let socket = try #require(client.serverSocket)
      for path in ["/short", "/", "/short"] { #expect(try client.get(path).status == 200) }
      try client.send("GET /body HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.head().status == 200)
      for value in UInt8(0)..<3 {
        body.append([value])
        client.onWait = { server.sendOn() }
        #expect(try client.chunk() == [value])
        // The client may have the chunk before the loop has uncorked the socket.
        for _ in 0..<10_000 where isCorked(socket) { usleep(1000) }
        #expect(!isCorked(socket))
      }
    }
  }

  private func isCorked(_ socket: Int32) -> Bool {
    var (value, length) = (Int32(-1), socklen_t(MemoryLayout<Int32>.size))
    return getsockopt(socket, Int32(IPPROTO_TCP), TCP_CORK, &value, &length) != 0 || value != 0
  }

  @Test func `a new certificate is for new connections, and cuts off nobody`() throws {
    try serve { server in
      let before = try RawClient(port: server.port, tls: "NORMAL")
      let next = TestCertificate()
      server.present(try Certificate(chain: next.chain, key: next.key))
      #expect(try before.get("/").body == Media.content)
      let after = try RawClient(port: server.port, tls: "NORMAL")
      #expect(before.certificate == certificate.shown && after.certificate == next.shown)
      #expect(try after.get("/").body == Media.content)
    }
  }

  @Test(arguments: ["", "\u{16}", "\u{16}\u{3}\u{1}\u{2}", "\u{80}hello"])
  func `who does not get to a request in time is cut off, and others are served meanwhile`(said: String) throws {
    var limits = Server.Limits.patient
    (limits.headerSeconds, limits.idleSeconds) = (1, 1)
    try serve(limits) { server in
      let slow = try RawClient(port: server.port)
      // On a busy machine their time may be over before they have said that.
      try? slow.send(said)
      let silent = try? RawClient(port: server.port, tls: "NORMAL")
      _ = try answered { try RawClient(port: server.port, tls: "NORMAL") }
      _ = slow.rest()
      if let silent { #expect(silent.rest().isEmpty) }
    }
  }

  @Test func `it stops whatever its clients are at`() throws {
    var clients: [RawClient] = []
    try serve { server in
      for _ in 0..<10 {
        let shaking = try RawClient(port: server.port)
        try shaking.send("\u{16}\u{3}\u{1}")
        let growing = try RawClient(port: server.port, tls: "NORMAL")
        try growing.send("GET /body HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try growing.head().status == 200)
        clients += [shaking, growing, try RawClient(port: server.port, tls: "NORMAL")]
      }
    }
    for client in clients { _ = client.rest() }
  }
}
