import Testing

@testable import HTTP

/// A session, and a client by libnghttp2.
@Suite struct HTTP2SessionTests {
  private static let segment = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

  /// Answers with a whole content.
  private static func answering(_ content: [UInt8]) -> HTTP2Owner {
    HTTP2Owner { session, stream in
      session.respond(
        stream: stream, status: 200, headers: [("Content-Type", "audio/mpeg")],
        content: GrowingContent(content, isComplete: true).read)
    }
  }

  @Test func `a request is announced with its target and its fields`() throws {
    let (client, owner) = (HTTP2Client(), HTTP2Owner())
    let id = client.request("GET", "/live.m3u8?a=b", fields: [("range", "bytes=0-1"), ("accept", "*/*")])
    client.talk(to: owner)
    #expect(owner.events == [.request(id, method: "GET", target: "/live.m3u8?a=b", hasContent: false)])
    let head = try #require(owner.heads[id])
    #expect(head.refusal == nil)
    #expect(head.scheme == "https")
    #expect(head.headers["Host"] == ["radio.example"])
    #expect(head.headers["Range"] == ["bytes=0-1"])
    #expect(owner.session.openStreams == 1)
  }

  @Test(arguments: [1024, 1500, 16_384, 100_000])
  func `an answer arrives whole, whatever the owner's buffer`(buffer: Int) throws {
    let (client, owner) = (HTTP2Client(window: 1_000_000), Self.answering(Array(Self.segment.prefix(60_000))))
    let id = client.request()
    client.talk(to: owner, buffer: buffer)
    let answer = try #require(client.answers[id])
    #expect(answer.status == 200)
    #expect(answer.fields == ["content-type": "audio/mpeg"])
    #expect(answer.content == Array(Self.segment.prefix(60_000)))
    #expect(answer.isComplete && answer.code == 0)
    #expect(owner.events.last == .closed(id, .noError))
    #expect(owner.session.openStreams == 0)
  }

  @Test func `fields of a connection are left out, and names become lower case`() throws {
    let owner = HTTP2Owner { session, stream in
      session.respond(
        stream: stream, status: 304,
        headers: [("Connection", "keep-alive"), ("ETag", "\"A\""), ("Transfer-Encoding", "chunked"), ("upgrade", "x")],
        content: nil)
    }
    let client = HTTP2Client()
    let id = client.request()
    client.talk(to: owner)
    #expect(client.answers[id]?.status == 304)
    #expect(client.answers[id]?.fields == ["etag": "\"A\""])
  }

  @Test func `the answer to HEAD has fields and no content`() throws {
    let owner = HTTP2Owner { session, stream in
      session.respond(stream: stream, status: 200, headers: [("Content-Length", "12")], content: nil)
    }
    let client = HTTP2Client()
    let id = client.request("HEAD")
    client.talk(to: owner)
    let answer = try #require(client.answers[id])
    #expect(answer.fields == ["content-length": "12"] && answer.content.isEmpty)
    #expect(answer.isComplete && answer.code == 0)
  }

  @Test func `an empty content is complete at once`() throws {
    let (client, owner) = (HTTP2Client(), Self.answering([]))
    let id = client.request()
    client.talk(to: owner)
    #expect(client.answers[id]?.isComplete == true)
  }

  @Test func `a growing content is sent as it grows`() throws {
    let content = GrowingContent([1, 2, 3])
    let owner = HTTP2Owner { $0.respond(stream: $1, status: 200, headers: [], content: content.read) }
    let client = HTTP2Client()
    let id = client.request()
    client.talk(to: owner)
    #expect(client.answers[id]?.content == [1, 2, 3])
    content.grow([4, 5])
    // Nobody told the session.
    client.talk(to: owner)
    #expect(client.answers[id]?.content == [1, 2, 3])
    owner.session.resume(stream: id)
    client.talk(to: owner)
    #expect(client.answers[id]?.content == [1, 2, 3, 4, 5])
    #expect(client.answers[id]?.isComplete == false)
    // A call without a reason changes nothing.
    owner.session.resume(stream: id)
    owner.session.resume(stream: id)
    #expect(owner.output().isEmpty)
    content.grow([], isComplete: true)
    owner.session.resume(stream: id)
    client.talk(to: owner)
    #expect(client.answers[id]?.isComplete == true)
    #expect(owner.session.openStreams == 0)
  }

  @Test func `requests at the same time are answered in any order`() {
    let (client, owner) = (HTTP2Client(window: 1_000_000), HTTP2Owner())
    let ids = (0..<20).map { client.request("GET", "/\($0)") }
    client.talk(to: owner)
    #expect(owner.session.openStreams == 20)
    for (index, id) in ids.enumerated().reversed() {
      let content = GrowingContent(Array(Self.segment.prefix(1000 * index)), isComplete: true)
      owner.session.respond(stream: id, status: 200, headers: [], content: content.read)
    }
    // 190 kB need more than the window of the connection.
    client.open(0, by: 1_000_000)
    client.talk(to: owner)
    for (index, id) in ids.enumerated() {
      #expect(client.answers[id]?.content == Array(Self.segment.prefix(1000 * index)))
      #expect(client.answers[id]?.isComplete == true)
    }
  }

  @Test func `an endless answer delays no other`() {
    let endless = GrowingContent(Self.segment + Self.segment)
    let owner = HTTP2Owner { session, stream in
      let content = stream == 1 ? endless : GrowingContent([1, 2, 3], isComplete: true)
      session.respond(stream: stream, status: 200, headers: [], content: content.read)
    }
    let client = HTTP2Client(window: 1_000_000)
    let first = client.request("GET", "/live.mp3", fields: [("priority", "u=0")])
    let second = client.request("GET", "/live.m3u8", fields: [("priority", "u=7")])
    owner.receive(client.output())
    var buffer = [UInt8](repeating: 0, count: 16_384)
    // The second answer comes after one frame of the first.
    for _ in 0..<2 {
      let count = buffer.withUnsafeMutableBytes { owner.session.output(into: $0) }
      client.receive(Array(buffer[..<count]))
    }
    #expect(client.answers[second]?.isComplete == true)
    #expect(client.answers[first]?.isComplete == false)
  }

  @Test func `nothing is read while the client's window is closed`() {
    let content = GrowingContent(Self.segment, isComplete: true)
    let owner = HTTP2Owner { $0.respond(stream: $1, status: 200, headers: [], content: content.read) }
    let client = HTTP2Client(window: 0)
    let id = client.request()
    client.talk(to: owner)
    #expect(client.answers[id]?.status == 200)
    #expect(content.taken == 0)
    client.open(id, by: 10)
    client.talk(to: owner)
    #expect(content.taken == 10)
    // The window of the connection holds 65535 bytes.
    client.open(id, by: 1_000_000)
    client.talk(to: owner)
    #expect(content.taken == 65_535)
    client.open(0, by: 1_000_000)
    client.talk(to: owner)
    #expect(client.answers[id]?.content == Self.segment)
  }

  @Test func `the content of a request arrives as fast as it is consumed`() {
    let owner = HTTP2Owner()
    owner.keepContent()
    let client = HTTP2Client()
    let id = client.request("PUT", "/source", content: Self.segment)
    client.talk(to: owner)
    #expect(client.unsent(id) == Self.segment.count - 65_535)
    owner.session.consumed(stream: id, count: 40_000)
    client.talk(to: owner)
    #expect(client.unsent(id) == 0)
    #expect(
      owner.events == [
        .request(id, method: "PUT", target: "/source", hasContent: true), .content(id, Self.segment), .contentEnd(id),
      ])
  }

  @Test func `content that nobody consumes does not stop later requests`() {
    let owner = HTTP2Owner()
    owner.keepContent()
    let client = HTTP2Client()
    for _ in 0..<3 {
      let id = client.request("PUT", "/source", content: Array(Self.segment.prefix(60_000)))
      client.talk(to: owner)
      #expect(client.unsent(id) == 0)
      client.reset(id)
      client.talk(to: owner)
    }
  }

  @Test func `an answer before the end of the request stops the request`() {
    let owner = HTTP2Owner { $0.respond(stream: $1, status: 413, headers: [], content: nil) }
    owner.keepContent()
    let client = HTTP2Client()
    let id = client.request("PUT", "/a", content: Self.segment)
    client.talk(to: owner)
    #expect(client.answers[id]?.status == 413)
    #expect(client.answers[id]?.code == HTTP2ErrorCode.noError.rawValue)
    #expect(owner.events.last == .closed(id, .noError))
    #expect(client.unsent(id) > 0)
    #expect(owner.abuses.isEmpty)
  }

  @Test func `a client is asked for its content`() {
    let owner = HTTP2Owner { session, stream in session.askForContent(stream: stream) }
    let client = HTTP2Client()
    let id = client.request("PUT", "/a", content: [1])
    client.talk(to: owner)
    #expect(client.answers[id]?.informational == [100])
    owner.session.respond(stream: id, status: 204, headers: [], content: nil)
    client.talk(to: owner)
    #expect(client.answers[id]?.status == 204)
  }

  @Test func `a client that gives up an answer frees its content`() {
    weak var content: GrowingContent?
    let owner = HTTP2Owner { session, stream in
      let growing = GrowingContent([1])
      content = growing
      session.respond(stream: stream, status: 200, headers: [], content: growing.read)
    }
    let client = HTTP2Client()
    let id = client.request()
    client.talk(to: owner)
    #expect(content != nil)
    client.reset(id)
    client.talk(to: owner)
    #expect(content == nil)
    #expect(owner.events.last == .closed(id, .cancel))
    #expect(owner.session.openStreams == 0)
    owner.session.resume(stream: id)
    owner.session.consumed(stream: id, count: 5)
    owner.session.respond(stream: id, status: 200, headers: [], content: nil)
    owner.session.reset(stream: id, code: .cancel)
    #expect(owner.output().isEmpty)
  }

  @Test func `a broken content resets its stream only`() {
    let owner = HTTP2Owner { session, stream in
      session.respond(stream: stream, status: 200, headers: []) { _ in
        stream == 1 ? .broken : .bytes(0, isLast: true)
      }
    }
    let client = HTTP2Client()
    let ids = [client.request(), client.request()]
    client.talk(to: owner)
    #expect(client.answers[ids[0]]?.code == HTTP2ErrorCode.internalError.rawValue)
    #expect(client.answers[ids[1]]?.code == HTTP2ErrorCode.noError.rawValue)
    #expect(client.goaway == nil && owner.abuses.isEmpty)
  }

  @Test func `the owner gives up an answer`() {
    let owner = Self.answering(Self.segment)
    let client = HTTP2Client(window: 10)
    let id = client.request()
    client.talk(to: owner)
    owner.session.reset(stream: id, code: .internalError)
    client.talk(to: owner)
    #expect(client.answers[id]?.code == HTTP2ErrorCode.internalError.rawValue)
    #expect(owner.events.last == .closed(id, .internalError))
  }

  @Test func `after the shutdown the open requests go on`() {
    let content = GrowingContent([1])
    let owner = HTTP2Owner { $0.respond(stream: $1, status: 200, headers: [], content: content.read) }
    let client = HTTP2Client()
    let id = client.request()
    client.talk(to: owner)
    let late = client.request("GET", "/late")
    owner.session.shutDown()
    client.talk(to: owner)
    #expect(client.goaway == HTTP2ErrorCode.noError.rawValue)
    #expect(client.answers[late]?.code == HTTP2ErrorCode.refusedStream.rawValue)
    #expect(owner.heads[late] == nil)
    #expect(!owner.session.wantsToEnd)
    content.grow([2], isComplete: true)
    owner.session.resume(stream: id)
    client.talk(to: owner)
    #expect(client.answers[id]?.content == [1, 2])
    #expect(owner.session.wantsToEnd && owner.abuses.isEmpty)
  }

  @Test func `the end of the connection closes each stream once`() {
    weak var content: GrowingContent?
    let owner = HTTP2Owner { session, stream in
      let growing = GrowingContent([1])
      content = growing
      session.respond(stream: stream, status: 200, headers: [], content: growing.read)
    }
    let client = HTTP2Client()
    let ids = [client.request(), client.request()]
    client.talk(to: owner)
    owner.session.close()
    owner.session.close()
    for id in ids { #expect(owner.events.count { $0 == .closed(id, .cancel) } == 1) }
    #expect(content == nil)
    #expect(owner.session.memoryBytes == 0)
    #expect(owner.session.wantsToEnd && owner.output().isEmpty)
    owner.receive([1, 2, 3])
  }

  @Test func `a trailer section ends a content`() {
    var writer = FrameWriter.preface
    writer.addRequest(1, [(":method", "PUT")] + FrameWriter.requestFields.dropFirst(), endsStream: false)
    writer.add(.data, stream: 1, [7])
    writer.addRequest(1, [("x", "y")])
    let owner = HTTP2Owner()
    owner.receive(writer.bytes)
    #expect(
      owner.events == [
        .request(1, method: "PUT", target: "/live.m3u8", hasContent: true), .content(1, [7]), .contentEnd(1),
      ])
  }

  @Test func `bytes split anywhere give the same events`() {
    let client = HTTP2Client()
    _ = client.request("GET", "/a", fields: [("cookie", "a=b"), ("x", String(repeating: "y", count: 300))])
    _ = client.request("PUT", "/b", content: Array(0...200))
    let given = client.request("GET", "/c")
    var bytes = client.output()
    client.reset(given)
    bytes += client.output()
    func events(_ pieces: [ArraySlice<UInt8>]) -> [HTTP2Record.Event] {
      let owner = HTTP2Owner()
      for piece in pieces { owner.receive(piece) }
      return owner.events
    }
    let whole = events([bytes[...]])
    #expect(whole.count == 6)
    for split in bytes.indices { #expect(events([bytes[..<split], bytes[split...]]) == whole) }
    #expect(events(bytes.indices.map { bytes[$0...$0] }) == whole)
  }

  /// A listener of HTTP/2 with TLS may need 56 kB, and TLS needs some 30 kB of them.
  @Test func `a connection with a growing answer needs at most 29 kB`() {
    let content = GrowingContent()
    let owner = HTTP2Owner { session, stream in
      let headers = [
        ("Content-Type", "audio/mpeg"), ("Cache-Control", "public, max-age=31536000, immutable"),
        ("Date", "Sun, 29 Nov 2026 15:51:41 GMT"), ("ETag", "\"0123456789\""), ("Access-Control-Allow-Origin", "*"),
      ]
      session.respond(stream: stream, status: 200, headers: headers, content: content.read)
    }
    let client = HTTP2Client()
    client.talk(to: owner)
    #expect(owner.session.memoryBytes <= 26_000)
    let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
    let fields = [
      ("user-agent", agent), ("accept", "*/*"), ("referer", "https://radio.example/"), ("accept-language", "en-US"),
      ("cookie", "session=0123456789abcdef0123456789abcdef"), ("sec-fetch-mode", "cors"), ("priority", "u=1, i"),
    ]
    let id = client.request("GET", "/live/12345.mp3", fields: fields)
    client.talk(to: owner)
    content.grow(Array(Self.segment.prefix(20_000)))
    owner.session.resume(stream: id)
    client.talk(to: owner)
    #expect(client.answers[id]?.content.count == 20_000)
    #expect(owner.session.memoryBytes <= 29_000)
  }

  @Test func `streams that are closed leave no memory behind`() {
    let owner = Self.answering(Self.segment)
    let client = HTTP2Client(window: 1_000_000)
    func exchange() {
      for _ in 0..<10 { _ = client.request("GET", "/live/12.mp3") }
      client.open(0, by: 1_000_000)
      client.talk(to: owner)
    }
    exchange()
    let before = owner.session.memoryBytes
    for _ in 0..<20 { exchange() }
    #expect(owner.session.memoryBytes == before)
  }
}
