import Testing

@testable import HTTP

@Suite struct HTTP2RequestHeadTests {
  private static func head(_ fields: [(String, String)]) -> HTTP2RequestHead? {
    var writer = FrameWriter.preface
    writer.addRequest(1, fields)
    let owner = HTTP2Owner()
    owner.receive(writer.bytes)
    return owner.heads[1]
  }

  private static func head(adding fields: [(String, String)]) -> HTTP2RequestHead? {
    head(FrameWriter.requestFields + fields)
  }

  @Test func `the authority is the Host field`() {
    #expect(Self.head(FrameWriter.requestFields)?.headers["host"] == ["radio.example"])
    #expect(Self.head(adding: [("host", "Radio.Example")])?.headers["host"] == ["radio.example"])
    let withoutAuthority = FrameWriter.requestFields.filter { $0.0 != ":authority" }
    #expect(Self.head(withoutAuthority + [("host", "b")])?.headers["host"] == ["b"])
    #expect(Self.head(withoutAuthority + [("host", "b")])?.refusal == nil)
  }

  @Test func `a Host field that differs from the authority is refused`() {
    #expect(Self.head(adding: [("host", "other.example")])?.refusal?.status == 400)
  }

  @Test func `lines of the Cookie field are joined`() {
    let head = Self.head(adding: [("cookie", "a=b"), ("x", "1"), ("cookie", "c=d"), ("x", "2")])
    #expect(head?.headers["cookie"] == ["a=b; c=d"])
    #expect(head?.headers["x"] == ["1", "2"])
  }

  @Test func `a header section over the limit is answered with 431`() throws {
    // Six frames hold it; a frame has at most 16384 bytes.
    var writer = FrameWriter.preface
    let field = FrameWriter.field("x", String(repeating: "y", count: 9000))
    let fields = FrameWriter.requestFields.flatMap { FrameWriter.field($0, $1) }
    writer.add(.headers, flags: FrameWriter.endStream, stream: 1, fields)
    for index in 1...8 {
      writer.add(.continuation, flags: index == 8 ? FrameWriter.endHeaders : 0, stream: 1, field)
    }
    let owner = HTTP2Owner()
    owner.receive(writer.bytes)
    let refusal = try #require(owner.heads[1]?.refusal)
    #expect(refusal.status == 431)
    #expect(refusal.content == Array("the header section of a request must have at most 65536 bytes\n".utf8))
    #expect(owner.abuses.isEmpty)
  }

  @Test func `a header section of 60 kB is accepted`() {
    var writer = FrameWriter.preface
    let fields = FrameWriter.requestFields.flatMap { FrameWriter.field($0, $1) }
    writer.add(.headers, flags: FrameWriter.endStream, stream: 1, fields)
    for index in 1...5 {
      let field = FrameWriter.field("cookie", String(repeating: "y", count: 12_000))
      writer.add(.continuation, flags: index == 5 ? FrameWriter.endHeaders : 0, stream: 1, field)
    }
    let owner = HTTP2Owner()
    owner.receive(writer.bytes)
    #expect(owner.heads[1]?.refusal == nil)
    #expect(owner.heads[1]?.headers["cookie"].first?.utf8.count == 60_008)
  }

  @Test(arguments: [("x", "a\rb"), ("x", "a\nb"), ("x", "a\0b"), ("x", " a"), ("x", "a "), ("x y", "a"), ("x:", "a")])
  func `a malformed field is refused`(name: String, value: String) {
    #expect(Self.head(adding: [(name, value)])?.refusal?.status == 400)
  }

  @Test(arguments: ["ftp", "wss"])
  func `a scheme other than http and https is refused`(scheme: String) {
    let fields = FrameWriter.requestFields.map { $0.0 == ":scheme" ? ($0.0, scheme) : $0 }
    #expect(Self.head(fields)?.refusal?.status == 400)
  }

  @Test func `an authority with a user is refused`() {
    let fields = FrameWriter.requestFields.map { $0.0 == ":authority" ? ($0.0, "user@radio.example") : $0 }
    #expect(Self.head(fields)?.refusal?.status == 400)
  }

  @Test func `CONNECT is refused`() {
    #expect(Self.head([(":method", "CONNECT"), (":authority", "other.example:25")])?.refusal?.status == 501)
  }

  /// RFC 9113 §8.1.1: "Malformed requests or responses that are detected MUST be treated as a stream error … of type
  /// PROTOCOL_ERROR."
  @Test(arguments: [
    [(":method", "GET"), (":scheme", "https"), (":authority", "a")],
    [(":method", "GET"), (":scheme", "https"), (":path", "/")],
    [(":scheme", "https"), (":authority", "a"), (":path", "/")],
    [(":method", "GET"), (":authority", "a"), (":path", "/")],
    [(":method", "GET"), (":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/")],
    [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "a")],
    [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/"), ("X", "upper case")],
    [(":method", "GET"), (":scheme", "https"), (":authority", "a"), ("x", "y"), (":path", "/")],
    [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/"), (":status", "200")],
    [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/"), ("connection", "close")],
    [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/"), ("transfer-encoding", "chunked")],
    [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/"), ("te", "gzip")],
    [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/"), ("content-length", "5")],
    [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/"), ("content-length", "+0")],
    [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":authority", "a"), (":path", "/")],
  ])
  func `a malformed request resets its stream and is not announced`(fields: [(String, String)]) {
    var writer = FrameWriter.preface
    writer.addRequest(1, fields)
    writer.addRequest(3)
    let owner = HTTP2Owner { $0.respond(stream: $1, status: 204, headers: [], content: nil) }
    owner.receive(writer.bytes)
    let frames = ReceivedFrame.list(owner.output())
    let reset = frames.first { $0.kind == .reset }
    #expect(reset?.stream == 1)
    #expect(reset?.payload == FrameWriter.number(HTTP2ErrorCode.protocolError.rawValue))
    #expect(owner.heads.keys.sorted() == [3])
    #expect(owner.events.contains(.closed(3, .noError)))
    #expect(owner.session.openStreams == 0)
  }
}
