import Glibc
import HTTP
import Synchronization
import Testing

@Suite struct ServerConnectionTests {
  @Test func `HTTP 1.0 closes the connection unless the client asks to keep it`() throws {
    try serve { server in
      let closing = try RawClient(port: server.port)
      try closing.send("GET / HTTP/1.0\r\n\r\n")
      #expect(try closing.response().body == Media.content)
      #expect(closing.rest().isEmpty)

      let keeping = try RawClient(port: server.port)
      for _ in 0..<2 {
        try keeping.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let response = try keeping.response()
        #expect(response.header("Connection")?.lowercased() == "keep-alive")
        #expect(response.body == Media.content)
      }
    }
  }

  @Test func `a request may arrive byte by byte`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      for character in "GET / HTTP/1.1\r\nHost: x\r\n\r\n" { try client.send(String(character)) }
      #expect(try client.response().body == Media.content)
    }
  }

  @Test func `a body outlives its response`() throws {
    // Far more than the sockets' buffers hold: it is still being sent when the handler's response is long gone.
    let handler: @Sendable (Request) -> Response = { request in
      let byte = UInt8(request.path.utf8.count)
      return Response(
        status: 200, body: [.init([byte]), .init([UInt8](repeating: byte, count: 8_000_000)), .init([byte])])
    }
    try serve(handler) { server in
      let clients = try (1...4).map { _ in try RawClient(port: server.port) }
      for (index, client) in clients.enumerated() {
        try client.send("GET /\(String(repeating: "a", count: index)) HTTP/1.1\r\nHost: x\r\n\r\n")
      }
      for (index, client) in clients.enumerated().reversed() {
        let body = try client.response().body
        #expect(body.count == 8_000_002 && body.allSatisfy { $0 == index + 1 })
      }
    }
  }

  @Test func `one response serves many connections at a time`() throws {
    try serve { server in
      let clients = try (0..<100).map { _ in try RawClient(port: server.port) }
      for _ in 0..<5 {
        for client in clients { try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n") }
        for client in clients { #expect(try client.response().body == Media.content) }
      }
    }
  }

  /// A loop takes 256 events at a time, and the ready connections beyond them need another look.
  @Test(arguments: [127, 128, 129, 255, 256, 257], [false, true])
  func `simultaneous requests are answered`(count: Int, isTLS: Bool) throws {
    let isBusy = Mutex(false)
    let test = TestCertificate()
    let certificate = isTLS ? try Certificate(chain: test.chain, key: test.key) : nil
    func connect(_ server: Server) throws -> RawClient {
      isTLS ? try RawClient(port: server.port, tls: "NORMAL") : try RawClient(port: server.port)
    }
    let server = try Server(host: "127.0.0.1", port: 0, threads: 1, certificate: certificate) { request, _ in
      if request.path == "/busy" {
        isBusy.withLock { $0 = true }
        while isBusy.withLock({ $0 }) {}
      }
      return .respond(.text(200, "here\n"))
    }
    defer { server.stop() }
    let clients = try (0..<count).map { _ in try connect(server) }
    for client in clients {
      client.onWait = { server.sendOn() }
      #expect(try client.get("/").status == 200)
    }
    let busy = try connect(server)
    try busy.send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n")
    while !isBusy.withLock({ $0 }) { server.sendOn() }
    for client in clients { try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n") }
    isBusy.withLock { $0 = false }
    for client in clients { #expect(try client.response().status == 200) }
  }

  @Test func `clients that hang up harm nobody`() throws {
    try serve { server in
      for _ in 0..<200 {
        let client = try RawClient(port: server.port)
        try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHo")
      }
      #expect(try RawClient(port: server.port).get("/").body == Media.content)
    }
  }

  @Test func `an idle connection is closed`() throws {
    var limits = Server.Limits.patient
    limits.idleSeconds = 1
    try serve(limits: limits) { server in
      let client = try RawClient(port: server.port)
      #expect(try client.get("/").status == 200)
      #expect(client.rest().isEmpty)
    }
  }

  @Test func `the connections of one address are limited`() throws {
    var limits = Server.Limits.patient
    limits.connectionsPerAddress = 3
    try serve(limits: limits) { server in
      let clients = try (0..<3).map { _ in try RawClient(port: server.port, from: "127.0.0.2") }
      for client in clients { #expect(try client.get("/").status == 200) }
      #expect((try? RawClient(port: server.port, from: "127.0.0.2").get("/")) == nil)
      #expect(try RawClient(port: server.port, from: "127.0.0.3").get("/").status == 200)
      for _ in 0..<4 { #expect(try RawClient(port: server.port).get("/").status == 200) }
      #expect(try clients[0].get("/").status == 200)
    }
  }

  @Test func `a client over the limit is told so, and the others are served on`() throws {
    var limits = Server.Limits.patient
    limits.connections = 3
    try serve(limits: limits) { server in
      var clients = try (0..<3).map { _ in try RawClient(port: server.port) }
      for client in clients { #expect(try client.get("/").status == 200) }
      let surplus = try RawClient(port: server.port)
      let refusal = try surplus.get("/")
      #expect(refusal.status == 503 && refusal.header("Retry-After") != nil)
      #expect(surplus.rest().isEmpty)
      for client in clients { #expect(try client.get("/").status == 200) }
      clients.removeLast()
      while try RawClient(port: server.port).get("/").status != 200 {}
    }
  }

  @Test func `clients without any room wait until another client leaves`() throws {
    var limits = Server.Limits.patient
    limits.connections = 1
    try serve(limits: limits) { server in
      let first = try RawClient(port: server.port)
      #expect(try first.get("/").status == 200)
      var others = try (0..<Server.Limits.overflow).map { _ in try RawClient(port: server.port) }
      let last = try RawClient(port: server.port)
      try last.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try first.get("/").status == 200)
      others.removeLast()
      #expect(try last.response().status == 503)
    }
  }

  @Test func `a request that never ends times out`() throws {
    var limits = Server.Limits.patient
    limits.headerSeconds = 1
    try serve(limits: limits) { server in
      let silent = try RawClient(port: server.port)
      let trickling = try (0..<50).map { _ in try RawClient(port: server.port) }
      let quick = try answered { try RawClient(port: server.port) }
      // On a busy machine their time may be over already.
      for client in trickling { try? client.send("GET / HTTP/1.1\r\nHost: x\r\n") }
      // It is never idle, until it can't send any more.
      while (try? trickling[0].send("X")) != nil {
        #expect(try quick.get("/").status == 200)
        usleep(10_000)
      }
      for client in trickling { #expect(client.rest().isEmpty) }
      #expect(silent.rest().isEmpty)
      #expect(try quick.get("/").status == 200)
    }
  }

  @Test func `a missing next request times out`() throws {
    var limits = Server.Limits.patient
    limits.idleSeconds = 1
    try serve(limits: limits) { server in
      let client = try RawClient(port: server.port)
      #expect(try client.get("/").status == 200)
      try? client.send("GET / HTTP/1.1\r\n")
      while (try? client.send("X")) != nil { usleep(10_000) }
      #expect(client.rest().isEmpty)
    }
  }

  @Test func `a reader that takes a byte now and then times out`() throws {
    var limits = Server.Limits.patient
    (limits.idleSeconds, limits.slowestRate) = (1, .max)
    let handler: @Sendable (Request) -> Response = { _ in
      Response(status: 200, body: [.init([UInt8](repeating: 0, count: 8_000_000))])
    }
    try serve(limits: limits, handler) { server in
      let client = try RawClient(port: server.port, isNarrow: true)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      var count = 0
      while let taken = client.take(atMost: 100) {
        count += taken
        usleep(1000)
      }
      #expect(count < 8_000_000)
    }
  }
}
