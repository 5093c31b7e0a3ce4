import Synchronization
import Testing

@testable import HTTP

/// A server that speaks plain HTTP on one port, and TLS on another.
@Suite struct TwoPortsTests {
  private let certificate = TestCertificate()

  private func serve(
    threads: Int = 2, limits: Server.Limits = .patient, _ observers: Server.Observers = Server.Observers(),
    _ use: (_ server: Server, _ plain: UInt16, _ secure: UInt16) throws -> Void
  ) throws {
    let (plain, secure) = (
      try ListenSocket(host: "127.0.0.1", port: 0), try ListenSocket(host: "127.0.0.1", port: 0)
    )
    var settings = Server.Settings()
    (settings.threads, settings.limits) = (threads, limits)
    settings.certificate = try Certificate(chain: certificate.chain, key: certificate.key)
    let server = try Server(
      on: [Server.Port(plain, isSecure: false), Server.Port(secure, isSecure: true)], settings, observers: observers)
    defer { server.stop() }
    server.start { request, _ in .respond(.text(200, request.client.isSecure ? "secure\n" : "plain\n")) }
    try use(server, plain.port, secure.port)
  }

  @Test(arguments: [1, 2]) func `the same loops answer at both ports, and know the port of each request`(threads: Int)
    throws
  {
    try serve(threads: threads) { server, plain, secure in
      #expect(server.port == plain && plain != secure)
      for _ in 0..<10 {
        let answers = [try RawClient(port: plain).get("/"), try RawClient(port: secure, tls: "NORMAL").get("/")]
        #expect(answers.map(\.text) == ["plain\n", "secure\n"])
      }
    }
  }

  @Test func `each port refuses the language of the other`() throws {
    // A client that speaks TLS to the port of plain HTTP sends no whole request.
    var limits = Server.Limits.patient
    limits.headerSeconds = 1
    try serve(limits: limits) { _, plain, secure in
      let client = try RawClient(port: secure)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(String(decoding: client.rest(), as: UTF8.self).hasSuffix(TLSSession.plainContent))
      #expect(throws: RawClient.Failure.self) { try RawClient(port: plain, tls: "NORMAL") }
    }
  }

  @Test func `the limit counts the connections of both ports`() throws {
    var limits = Server.Limits.patient
    limits.connections = 2
    try serve(limits: limits) { server, plain, secure in
      let first = try RawClient(port: plain)
      let second = try RawClient(port: secure, tls: "NORMAL")
      #expect(try first.get("/").status == 200 && second.get("/").status == 200)
      #expect(server.figures.connections == 2)
      let refused = [try RawClient(port: plain).get("/"), try RawClient(port: secure, tls: "NORMAL").get("/")]
      #expect(refused.map(\.status) == [503, 503])
      #expect(server.figures.refusedOverLimit == 2)
    }
  }

  @Test func `no two connections have the same number`() throws {
    let numbers = Mutex<Set<Int>>([])
    var observers = Server.Observers()
    observers.onAnswer = { answer in numbers.withLock { _ = $0.insert(answer.client.connection) } }
    try serve(observers) { _, plain, secure in
      for _ in 0..<5 {
        _ = try RawClient(port: plain).get("/")
        _ = try RawClient(port: secure, tls: "NORMAL").get("/")
      }
    }
    #expect(numbers.withLock { $0.count } == 10)
  }

  @Test func `a stop ends both`() throws {
    var ports: [UInt16] = []
    try serve { server, plain, secure in
      ports = [plain, secure]
      let clients = try [RawClient(port: plain), RawClient(port: secure, tls: "NORMAL")]
      for client in clients { _ = try client.get("/") }
      server.stop()
      for client in clients { #expect(client.rest() == []) }
    }
    for port in ports { #expect(throws: (any Error).self) { try RawClient(port: port) } }
  }
}
