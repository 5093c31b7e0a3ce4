import HTTP
import Synchronization
import Testing

/// Pages that follow an event stream, over real sockets.
@Suite struct EventStreamTests {
  private static let head = "GET / HTTP/1.1\r\nHost: x\r\n"

  private func serve(
    _ limits: EventStream.Limits = .init(), _ road: Road = .plain,
    onTrouble: @escaping @Sendable (Server.Trouble) -> Void = { _ in }, _ test: (Server, EventStream) throws -> Void
  ) throws {
    let events = EventStream(limits: limits, headers: CORS.headers)
    let server = try Server(
      on: try ListenSocket(host: "127.0.0.1", port: 0), channels: 3, certificate: try road.certificate(),
      onTrouble: onTrouble
    ) { request, _ in .respond(events.response(to: request).on(channel: 2)) }
    defer { server.stop() }
    try test(server, events)
  }

  private func follow(_ server: Server, _ road: Road = .plain, after last: String? = nil) throws -> RawClient {
    let client = try road.connect(server)
    try client.send(Self.head + (last.map { "Last-Event-ID: \($0)\r\n" } ?? "") + "\r\n")
    let head = try client.head()
    #expect(head.status == 200 && head.header("Content-Type") == "text/event-stream")
    #expect(head.header("Cache-Control") == "no-store" && head.header("Access-Control-Allow-Origin") == "*")
    return client
  }

  private func expect(_ client: RawClient, _ text: String) throws {
    #expect(String(decoding: try client.bytes(text.utf8.count), as: UTF8.self) == text)
  }

  @Test(arguments: Road.allCases)
  func `each page gets the events from its beginning on`(road: Road) throws {
    try serve(EventStream.Limits(), road) { server, events in
      events.send(data: "before")
      let first = try follow(server, road)
      events.send(event: "title", data: "one\ntwo", id: "1")
      server.sendOn(channel: 2)
      try expect(first, "event: title\ndata: one\ndata: two\nid: 1\n\n")
      let second = try follow(server, road)
      events.comment("alive")
      events.send(ServerSentEvent(data: "three", retry: .seconds(3)))
      server.sendOn(channel: 2)
      for client in [first, second] { try expect(client, ": alive\n\ndata: three\nretry: 3000\n\n") }
      events.finish()
      events.send(data: "after the end", id: "2")
      server.sendOn(channel: 2)
      for client in [first, second] { #expect(client.rest().isEmpty) }
    }
  }

  @Test func `a page that connects again gets what it missed, as far as the history goes`() throws {
    var limits = EventStream.Limits()
    limits.history = 3
    try serve(limits) { server, events in
      let never = try follow(server, after: "7")
      for number in 1...5 { events.send(data: "\(number)", id: "\(number)") }
      events.comment()
      server.sendOn(channel: 2)
      func text(_ numbers: ClosedRange<Int>) -> String {
        numbers.map { "data: \($0)\nid: \($0)\n\n" }.joined() + ": \n\n"
      }
      try expect(never, text(1...5))
      // An identifier that the history has not is older than the history, or of an earlier run of the program.
      for (last, expected) in [
        ("4", text(5...5)), ("3", text(4...5)), ("1", text(3...5)), ("x", text(3...5)), ("5", ": \n\n"),
      ] {
        try expect(try follow(server, after: last), expected)
      }
      let present = try follow(server, after: "")
      events.send(data: "6", id: "6")
      server.sendOn(channel: 2)
      try expect(present, "data: 6\nid: 6\n\n")
    }
  }

  @Test func `the history has a bound in bytes`() throws {
    var limits = EventStream.Limits()
    limits.bytes = 100_000
    try serve(limits) { server, events in
      let data = String(repeating: "x", count: 30_000)
      for number in 1...9 { events.send(data: data, id: "\(number)") }
      let event = "data: \(data)\nid: 7\n\n"
      try expect(try follow(server, after: "0"), event)
    }
  }

  @Test func `events longer than any other come whole`() throws {
    try serve { server, events in
      let client = try follow(server)
      client.onWait = { server.sendOn(channel: 2) }
      for size in [1, 65_000, 1000, 65_530, 200_000, 3] {
        let data = String(repeating: "y", count: size)
        events.send(data: data)
        server.sendOn(channel: 2)
        try expect(client, "data: \(data)\n\n")
      }
    }
  }

  @Test func `events of several threads do not mix`() throws {
    try serve { server, events in
      let client = try follow(server)
      client.onWait = { server.sendOn(channel: 2) }
      let writers = ["a", "b", "c"].map { letter in
        Writer {
          for _ in 0..<1000 { events.send(data: String(repeating: letter, count: 40)) }
        }
      }
      for writer in writers { writer.join() }
      server.sendOn(channel: 2)
      let lines = String(decoding: try client.bytes(3000 * 48), as: UTF8.self).split(separator: "\n\n")
      #expect(lines.count == 3000 && lines.allSatisfy { $0.count == 46 && Set($0.dropFirst(6)).count == 1 })
    }
  }

  @Test func `a client that lags too far is disconnected, and nobody else`() throws {
    var limits = EventStream.Limits()
    (limits.bytes, limits.lagTimeout) = (50_000, .zero)
    let late = Atomic(0)
    try serve(limits, onTrouble: { if $0 == .late { late.add(1, ordering: .relaxed) } }) { server, events in
      let slow = try RawClient(port: server.port, isNarrow: true)
      try slow.send(Self.head + "\r\n")
      #expect(try slow.head().status == 200)
      let quick = try follow(server)
      let data = String(repeating: "z", count: 3000)
      for _ in 0..<200 {
        events.send(data: data)
        server.sendOn(channel: 2)
        try expect(quick, "data: \(data)\n\n")
      }
      try slow.waitForReset()
      #expect(late.load(ordering: .relaxed) == 1)
    }
  }

  @Test func `over HTTP/2 several pages follow on one connection`() throws {
    try serve(EventStream.Limits(), .tls) { server, events in
      events.send(data: "one", id: "1")
      events.send(data: "two", id: "2")
      let connection = try HTTP2Connection(port: server.port)
      let present = connection.client.request("GET", "/")
      let again = connection.client.request("GET", "/", fields: [("last-event-id", "1")])
      try connection.talk { $0.answers[present]?.status == 200 && $0.answers[again]?.content.count == 17 }
      events.send(data: "three")
      server.sendOn(channel: 2)
      try connection.talk { $0.answers[present]?.content.count == 13 && $0.answers[again]?.content.count == 30 }
      #expect(connection.answer(present).content == Array("data: three\n\n".utf8))
      #expect(connection.answer(again).content == Array("data: two\nid: 2\n\ndata: three\n\n".utf8))
      #expect(connection.answer(present).fields["content-type"] == "text/event-stream")
      events.finish()
      server.sendOn(channel: 2)
      for id in [present, again] { #expect(try connection.whole(id).isComplete) }
    }
  }

  @Test func `only reading is possible`() throws {
    try serve { server, _ in
      let client = try RawClient(port: server.port)
      try client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.head().header("Content-Type") == "text/event-stream")
      #expect(client.rest().isEmpty)
      let other = try RawClient(port: server.port)
      try other.send("DELETE / HTTP/1.1\r\nHost: x\r\n\r\nOPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try other.response().status == 405)
      #expect(try other.response().status == 204)
    }
  }
}
