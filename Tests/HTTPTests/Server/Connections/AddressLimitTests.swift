import Glibc
import HTTP
import Synchronization
import Testing

/// The limit of an address, for requests beside others and for those that a trusted proxy hands on.
@Suite struct AddressLimitTests {
  private let body = GrowingBody(capacity: 100)

  private final class Record: Sendable {
    let troubles = Mutex<[Server.Trouble]>([])
    let answers = Mutex<[FinishedExchange]>([])
  }

  private let record = Record()

  /// Answers `/growing` with an answer that does not end, and everything else with the client's address.
  private func serve(
    perAddress: Int, proxies: Set<IPAddress> = [], certificate: Certificate? = nil, _ test: (Server) throws -> Void
  ) throws {
    var limits = Server.Limits.patient
    limits.connectionsPerAddress = perAddress
    let growing = GrowingRepresentation(body, contentType: "audio/mpeg", cacheControl: "no-cache")
    let server = try Server(
      on: try ListenSocket(host: "127.0.0.1", port: 0), limits: limits, trustedProxies: TrustedProxies(proxies),
      certificate: certificate, onTrouble: { [record] trouble in record.troubles.withLock { $0.append(trouble) } },
      onAnswer: { [record] answer in record.answers.withLock { $0.append(answer) } }
    ) { request, _ in
      if request.path == "/growing" { return .respond(growing.response(to: request)) }
      let client = request.client
      return .respond(.text(200, "\(client.address?.description ?? "-") \(client.isSecure)"))
    }
    defer { server.stop() }
    try test(server)
  }

  /// Waits for what another thread is about to do.
  private func wait(_ condition: () throws -> Bool) throws {
    for _ in 0..<2000 {
      if try condition() { return }
      usleep(5000)
    }
    Issue.record("it does not come")
  }

  private func begin(_ client: RawClient, for address: String) throws -> Int {
    try client.send("GET /growing HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: \(address)\r\n\r\n")
    return try client.head().status
  }

  @Test func `a trusted proxy names the client, and nobody else does`() throws {
    try serve(perAddress: 10, proxies: [IPAddress("127.0.0.2")!]) { server in
      let fields = ["X-Forwarded-For: 203.0.113.9, 192.0.2.7", "X-Forwarded-Proto: https"]
      let proxy = try RawClient(port: server.port, from: "127.0.0.2")
      #expect(try proxy.get("/", fields[0], fields[1]).text == "192.0.2.7 true")
      #expect(try proxy.get("/").text == "127.0.0.2 false")
      #expect(
        try RawClient(port: server.port, from: "127.0.0.3").get("/", fields[0], fields[1]).text == "127.0.0.3 false")
      // The log of answers names the client, too.
      #expect(record.answers.withLock { $0.first?.client.address?.description } == "192.0.2.7")
    }
  }

  @Test func `behind a trusted proxy each client has its own limit, and the proxy has none`() throws {
    try serve(perAddress: 2, proxies: [IPAddress("127.0.0.2")!]) { server in
      let clients = try (0..<6).map { _ in try RawClient(port: server.port, from: "127.0.0.2") }
      #expect(try clients[..<2].map { try begin($0, for: "192.0.2.7") } == [200, 200])
      let refused = try clients[2].get("/", "X-Forwarded-For: 192.0.2.7")
      #expect(refused.status == 503 && refused.text == "too many connections from this address\n")
      #expect(try clients[3].get("/", "X-Forwarded-For: 192.0.2.8").status == 200)
      #expect(try clients[4..<6].map { try begin($0, for: "192.0.2.8") } == [200, 200])
      #expect(record.troubles.withLock { $0 } == [.crowded(address: "192.0.2.7")])
      #expect(server.figures.refusedPerAddress == 1)
      try wait { server.figures.answers[503] == 1 }
      // A place that is left is free again.
      body.append([1])
      body.finish()
      for client in [clients[0], clients[1], clients[4], clients[5]] {
        client.onWait = { server.sendOn() }
        while try !client.chunk().isEmpty {}
      }
      try wait {
        let client = try RawClient(port: server.port, from: "127.0.0.2")
        return try client.get("/", "X-Forwarded-For: 192.0.2.7").status == 200
      }
    }
  }

  @Test func `a request of HTTP 2 over the limit of its address is told so, and not that the server is full`() throws {
    let made = TestCertificate()
    try serve(perAddress: 2, certificate: Certificate(chain: made.chain, key: made.key)) { server in
      let connection = try HTTP2Connection(port: server.port, from: "127.0.0.2")
      let growing = (0..<2).map { _ in connection.client.request("GET", "/growing") }
      try connection.talk { client in growing.allSatisfy { client.answers[$0]?.status == 200 } }
      let refused = try connection.get("/")
      #expect(refused.status == 503)
      #expect(refused.content == Array("too many connections from this address\n".utf8))
      #expect(record.troubles.withLock { $0 } == [.crowded(address: "127.0.0.2")])
      #expect(server.figures.refusedPerAddress == 1 && server.figures.refusedOverLimit == 0)
    }
  }
}
