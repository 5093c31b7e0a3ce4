import Glibc
import HTTP
import Synchronization
import Testing

/// Content of requests that a receiver takes piece by piece, over HTTP/2.
@Suite struct HTTP2ReceivingTests {
  private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

  /// A server whose paths `/0`, `/1` and so on are received, and whose other paths are answered with their names.
  private func serve(
    limits: Server.Limits = .patient, _ receivers: [RecordingReceiver], _ test: (Server) throws -> Void
  ) throws {
    let server = try Server(host: "127.0.0.1", port: 0, limits: limits, certificate: try Road.tls.certificate()) {
      request, _ in
      guard let number = Int(request.path.dropFirst()), receivers.indices.contains(number) else {
        return .respond(.text(request.method == .get ? 200 : 403, request.path))
      }
      return .receive(receivers[number])
    }
    defer { server.stop() }
    try test(server)
  }

  private func text(_ answer: HTTP2Client.Answer) -> String { String(decoding: answer.content, as: UTF8.self) }

  @Test func `content comes whole, on many streams of one connection`() throws {
    let receivers = (0..<10).map { _ in RecordingReceiver() }
    try serve(receivers) { server in
      let connection = try HTTP2Connection(port: server.port)
      let ids = receivers.indices.map { connection.client.request("PUT", "/\($0)", content: Self.content) }
      for id in ids { #expect(try text(connection.whole(id)) == "\(Self.content.count) bytes\n") }
      for receiver in receivers {
        #expect(receiver.calls.content == Self.content)
        #expect(receiver.calls.begins == 1 && receiver.calls.ends == 1 && receiver.calls.abandonments == 0)
      }
      #expect(try text(connection.get("/next")) == "/next")
    }
  }

  @Test func `a request without content has an empty content`() throws {
    let receiver = RecordingReceiver()
    try serve([receiver]) { server in
      let connection = try HTTP2Connection(port: server.port)
      #expect(try text(connection.whole(connection.client.request("PUT", "/0"))) == "0 bytes\n")
      #expect(receiver.calls.begins == 1 && receiver.calls.ends == 1)
    }
  }

  @Test func `a client that waits is told to continue only when the content is wanted`() throws {
    try serve([RecordingReceiver()]) { server in
      let connection = try HTTP2Connection(port: server.port)
      let expect = [("expect", "100-continue")]
      let wanted = try connection.whole(connection.client.request("PUT", "/0", fields: expect, content: [1, 2]))
      #expect(wanted.informational == [100] && wanted.status == 200)
      let refused = try connection.whole(connection.client.request("PUT", "/no", fields: expect, content: [1, 2]))
      #expect(refused.informational.isEmpty && refused.status == 403)
    }
  }

  @Test func `a pause slows down its client and no other stream, and nothing comes during a pause`() throws {
    let receivers = [RecordingReceiver { $0.pieces == 1 ? .pause : .more }, RecordingReceiver()]
    try serve(receivers) { server in
      let connection = try HTTP2Connection(port: server.port)
      let paused = connection.client.request("PUT", "/0", content: Self.content)
      try connection.send()
      #expect(receivers[0].waits { $0.isPaused })
      let other = connection.client.request("PUT", "/1", content: Self.content)
      #expect(try text(connection.whole(other)) == "\(Self.content.count) bytes\n")
      // The piece before the pause, and a window of 65 535 bytes.
      #expect(connection.client.unsent(paused) >= Self.content.count - 2 * 65_535)
      #expect(receivers[0].calls.pieces == 1)
      receivers[0].resume()
      #expect(try text(connection.whole(paused)) == "\(Self.content.count) bytes\n")
      let calls = receivers[0].calls
      #expect(calls.content == Self.content && calls.unwanted == 0 && calls.ends == 1)
    }
  }

  @Test func `content that ends during a pause ends after the pause`() throws {
    let receiver = RecordingReceiver { $0.pieces == 1 ? .pause : .more }
    try serve([receiver]) { server in
      let connection = try HTTP2Connection(port: server.port)
      let content = Array(Self.content.prefix(50_000))
      let id = connection.client.request("PUT", "/0", content: content)
      try connection.send()
      // The answer to a later request shows that the server has read everything.
      #expect(try text(connection.get("/next")) == "/next")
      #expect(connection.client.unsent(id) == 0)
      #expect(receiver.calls.pieces == 1 && receiver.calls.ends == 0)
      receiver.resume()
      #expect(try text(connection.whole(id)) == "50000 bytes\n")
      #expect(receiver.calls.content == content && receiver.calls.unwanted == 0)
    }
  }

  @Test(arguments: [false, true])
  func `content is refused in the middle, and the connection goes on`(isLater: Bool) throws {
    let refusal = Response.text(413, "enough\n")
    let receiver = RecordingReceiver { _ in isLater ? .pause : .refuse(refusal) }
    try serve([receiver]) { server in
      let connection = try HTTP2Connection(port: server.port)
      let id = connection.client.request("PUT", "/0", content: Self.content)
      if isLater {
        try connection.send()
        #expect(receiver.waits { $0.isPaused })
        receiver.calls.control?.refuse(refusal)
      }
      let answer = try connection.whole(id)
      #expect(answer.status == 413 && text(answer) == "enough\n" && answer.code == 0)
      #expect(receiver.calls.abandonments == 1 && receiver.calls.ends == 0)
      #expect(try text(connection.get("/next")) == "/next")
    }
  }

  @Test func `a client that resets its stream, or goes, is noticed once`() throws {
    let receivers = [RecordingReceiver { _ in .pause }, RecordingReceiver { _ in .pause }]
    try serve(receivers) { server in
      do {
        let connection = try HTTP2Connection(port: server.port)
        let ids = receivers.indices.map { connection.client.request("PUT", "/\($0)", content: Self.content) }
        try connection.send()
        for receiver in receivers { #expect(receiver.waits { $0.isPaused }) }
        connection.client.reset(ids[0])
        #expect(try text(connection.get("/next")) == "/next")
        #expect(receivers[0].calls.abandonments == 1 && receivers[1].calls.abandonments == 0)
      }
      #expect(receivers[1].waits { $0.abandonments == 1 })
      receivers[0].resume()
      server.stop()
      for receiver in receivers { #expect(receiver.calls.abandonments == 1 && receiver.calls.ends == 0) }
    }
  }

  @Test func `a client that sends more slowly than the receiver allows loses its stream only`() throws {
    var limits = Server.Limits.patient
    limits.idleSeconds = 1
    let receiver = RecordingReceiver(slowestRate: 1_000_000_000)
    try serve(limits: limits, [receiver]) { server in
      let connection = try HTTP2Connection(port: server.port)
      let id = connection.client.request("PUT", "/0", content: Self.content, isOpen: true)
      let answer = try connection.whole(id)
      #expect(answer.code == 8)
      #expect(receiver.calls.abandonments == 1 && receiver.calls.ends == 0)
    }
  }
}
