import Testing

@testable import HTTP

/// The attacks on HTTP/2, each by hand-made frames.
@Suite struct HTTP2AbuseTests {
  /// A frame that a client may send so often at once, and so often a second.
  struct Flood: Sendable, CustomTestStringConvertible {
    let abuse: HTTP2Abuse
    let burst: Int
    let perSecond: Int
    let frame: @Sendable (inout FrameWriter) -> Void

    var testDescription: String { abuse.rawValue }
  }

  /// The settings of the preface are one frame too.
  static let floods = [
    Flood(abuse: .settings, burst: 15, perSecond: 1) { $0.add(.settings) },
    Flood(abuse: .pings, burst: 32, perSecond: 4) { $0.add(.ping, [1, 2, 3, 4, 5, 6, 7, 8]) },
    Flood(abuse: .priorities, burst: 200, perSecond: 20) { $0.add(.priority, stream: 5, [0, 0, 0, 0, 16]) },
    Flood(abuse: .priorities, burst: 200, perSecond: 20) { $0.add(.priorityUpdate, [0, 0, 0, 1] + "u=1".utf8) },
    Flood(abuse: .windowUpdates, burst: 1000, perSecond: 100) { $0.add(.windowUpdate, [0, 0, 0, 1]) },
    Flood(abuse: .otherFrames, burst: 100, perSecond: 10) { $0.add(.unknown, [1, 2]) },
    Flood(abuse: .emptyFrames, burst: 100, perSecond: 10) { $0.add(.data, stream: 1) },
    Flood(abuse: .emptyFrames, burst: 100, perSecond: 10) {
      $0.add(.data, flags: FrameWriter.padded, stream: 1, [3, 0, 0, 0])
    },
  ]

  /// A client with one open request.
  private static func start(_ limits: HTTP2Limits = HTTP2Limits()) -> HTTP2Owner {
    let owner = HTTP2Owner(limits: limits)
    var writer = FrameWriter.preface
    writer.addRequest(1, [(":method", "PUT")] + FrameWriter.requestFields.dropFirst(), endsStream: false)
    owner.receive(writer.bytes)
    _ = owner.output()
    return owner
  }

  private static func bytes(_ write: (inout FrameWriter) -> Void) -> [UInt8] {
    var writer = FrameWriter()
    write(&writer)
    return writer.bytes
  }

  @Test(arguments: floods) func `a flood of frames ends the connection`(flood: Flood) {
    let owner = Self.start()
    let frame = Self.bytes(flood.frame)
    for _ in 0..<flood.burst { owner.receive(frame) }
    #expect(owner.abuses.isEmpty)
    _ = owner.output()
    owner.receive(frame)
    #expect(owner.abuses == [flood.abuse])
    #expect(ReceivedFrame.goaway(owner.output()) == HTTP2ErrorCode.enhanceYourCalm.rawValue)
    #expect(owner.session.wantsToEnd)
    owner.receive(frame)
    #expect(owner.abuses == [flood.abuse])
    #expect(owner.output().isEmpty)
  }

  @Test(arguments: floods) func `the same flood in one piece ends the connection`(flood: Flood) {
    let owner = Self.start()
    owner.receive(Self.bytes { writer in for _ in 0...flood.burst { flood.frame(&writer) } })
    #expect(owner.abuses == [flood.abuse])
  }

  @Test(arguments: floods) func `frames at a moderate rate end nothing`(flood: Flood) {
    let owner = Self.start()
    let frame = Self.bytes(flood.frame)
    for index in 0..<3 * flood.burst {
      owner.receive(frame, at: Double(index) / Double(flood.perSecond))
      _ = owner.output()
    }
    #expect(owner.abuses.isEmpty)
    #expect(!owner.session.wantsToEnd)
  }

  @Test func `requests that are reset at once end the connection`() {
    var writer = FrameWriter.preface
    for index in 0..<200 as Range<UInt32> {
      writer.addRequest(2 * index + 1)
      writer.add(.reset, stream: 2 * index + 1, FrameWriter.number(HTTP2ErrorCode.cancel.rawValue))
    }
    let owner = HTTP2Owner { $0.respond(stream: $1, status: 200, headers: [], content: GrowingContent().read) }
    owner.receive(writer.bytes)
    #expect(owner.abuses == [.resets])
    #expect(owner.heads.count == 101)
    // The request whose reset is one too many is still there.
    #expect(owner.session.openStreams == 1)
    #expect(ReceivedFrame.goaway(owner.output()) == HTTP2ErrorCode.enhanceYourCalm.rawValue)
  }

  @Test func `a listener that changes its mind often is no attacker`() {
    let owner = HTTP2Owner { $0.respond(stream: $1, status: 200, headers: [], content: GrowingContent().read) }
    owner.receive(FrameWriter.preface.bytes)
    for index in 0..<1000 as Range<UInt32> {
      var writer = FrameWriter()
      writer.addRequest(2 * index + 1)
      writer.add(.reset, stream: 2 * index + 1, FrameWriter.number(HTTP2ErrorCode.cancel.rawValue))
      owner.receive(writer.bytes, at: Double(index) / 30)
      _ = owner.output()
    }
    #expect(owner.abuses.isEmpty)
  }

  /// The client makes the server reset its own streams (CVE-2025-8671).
  @Test func `requests that the client breaks end the connection`() {
    let owner = HTTP2Owner { $0.respond(stream: $1, status: 200, headers: [], content: GrowingContent().read) }
    owner.receive(FrameWriter.preface.bytes)
    for index in 0..<200 as Range<UInt32> where owner.abuses.isEmpty {
      var writer = FrameWriter()
      writer.addRequest(2 * index + 1)
      writer.add(.windowUpdate, stream: 2 * index + 1, FrameWriter.number(0x7fff_ffff))
      owner.receive(writer.bytes)
      _ = owner.output()
    }
    #expect(owner.abuses == [.resets])
    #expect(owner.heads.count == 101)
  }

  @Test func `more streams than allowed are refused`() {
    var writer = FrameWriter.preface
    for index in 0..<12 as Range<UInt32> { writer.addRequest(2 * index + 1) }
    let owner = HTTP2Owner(limits: HTTP2Limits(streams: 10))
    owner.receive(writer.bytes)
    let resets = ReceivedFrame.list(owner.output()).filter { $0.kind == .reset }
    #expect(resets.map(\.stream) == [21, 23])
    #expect(resets.allSatisfy { $0.payload == FrameWriter.number(HTTP2ErrorCode.refusedStream.rawValue) })
    #expect(owner.session.openStreams == 10 && owner.heads.count == 10)
    #expect(owner.abuses.isEmpty)
  }

  @Test func `a header section in too many frames ends the connection`() {
    let owner = HTTP2Owner()
    var writer = FrameWriter.preface
    writer.add(.headers, flags: FrameWriter.endStream, stream: 1, FrameWriter.field(":method", "GET"))
    for _ in 0..<8 { writer.add(.continuation, stream: 1) }
    owner.receive(writer.bytes)
    #expect(owner.abuses.isEmpty)
    owner.receive(Self.bytes { $0.add(.continuation, stream: 1) })
    #expect(owner.abuses == [.continuations])
    #expect(ReceivedFrame.goaway(owner.output()) == HTTP2ErrorCode.enhanceYourCalm.rawValue)
  }

  @Test func `a header section that is huge when decoded ends the connection`() {
    let owner = HTTP2Owner()
    var writer = FrameWriter.preface
    // A literal field with indexing, of 4000 bytes; then an octet repeats the field (RFC 7541 §6.1).
    var block = FrameWriter.requestFields.flatMap { FrameWriter.field($0, $1) }
    var literal = FrameWriter.field("x", String(repeating: "y", count: 4000))
    literal[0] = 0x40
    block += literal + [UInt8](repeating: 0x80 | 62, count: 10_000)
    writer.add(.headers, flags: FrameWriter.endHeaders | FrameWriter.endStream, stream: 1, block)
    owner.receive(writer.bytes)
    #expect(owner.abuses == [.headerBomb])
    #expect(owner.heads.isEmpty)
    #expect(owner.session.memoryBytes < 64_000)
    #expect(ReceivedFrame.goaway(owner.output()) == HTTP2ErrorCode.enhanceYourCalm.rawValue)
  }

  @Test func `answers that the client does not read are not queued without a limit`() {
    // The client asks, and reads neither the refusals nor the answers.
    let owner = HTTP2Owner(limits: HTTP2Limits(streams: 10, queue: 50))
    var writer = FrameWriter.preface
    for index in 0..<5000 as Range<UInt32> { writer.addRequest(2 * index + 1) }
    owner.receive(writer.bytes)
    #expect(owner.abuses == [.queue])
    #expect(owner.session.memoryBytes < 100_000)
  }

  @Test func `a session that needs too much memory ends`() {
    let owner = HTTP2Owner(limits: HTTP2Limits(memory: 30_000))
    var writer = FrameWriter.preface
    for index in 0..<100 as Range<UInt32> { writer.addRequest(2 * index + 1) }
    owner.receive(writer.bytes)
    #expect(owner.abuses == [.memory])
    #expect(owner.session.wantsToEnd && owner.output().isEmpty)
    #expect(owner.session.memoryBytes <= 30_000)
  }

  @Test func `a window that opens byte by byte ends the connection`() {
    let content = GrowingContent([UInt8](repeating: 1, count: 100_000))
    let owner = HTTP2Owner { $0.respond(stream: $1, status: 200, headers: [], content: content.read) }
    var writer = FrameWriter.preface
    // SETTINGS_INITIAL_WINDOW_SIZE (4) is 0.
    writer.add(.settings, [0, 4, 0, 0, 0, 0])
    writer.addRequest(1)
    owner.receive(writer.bytes)
    for _ in 0..<2000 where owner.abuses.isEmpty {
      owner.receive(Self.bytes { $0.add(.windowUpdate, stream: 1, [0, 0, 0, 1]) })
      _ = owner.output()
    }
    #expect(owner.abuses == [.windowUpdates])
    #expect(content.taken < 1100)
  }

  @Test func `a client may open its window after each frame`() {
    let content = GrowingContent([UInt8](repeating: 1, count: 20_000_000), isComplete: true)
    let owner = HTTP2Owner { $0.respond(stream: $1, status: 200, headers: [], content: content.read) }
    var writer = FrameWriter.preface
    writer.addRequest(1)
    owner.receive(writer.bytes)
    while owner.session.openStreams > 0, owner.abuses.isEmpty {
      for frame in ReceivedFrame.list(owner.output()) where frame.kind == .data && !frame.payload.isEmpty {
        let count = FrameWriter.number(UInt32(frame.payload.count))
        owner.receive(Self.bytes { $0.add(.windowUpdate, count) })
        owner.receive(Self.bytes { $0.add(.windowUpdate, stream: 1, count) })
      }
    }
    #expect(owner.abuses.isEmpty)
    #expect(content.taken == 20_000_000)
  }

  @Test(arguments: [
    Array("GET / HTTP/1.1\r\nHost: radio.example\r\n\r\n".utf8),
    FrameWriter.preface.bytes + [0, 0, 0, 0, 0, 0, 0, 0, 0],
    FrameWriter.preface.bytes + [0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1],
    FrameWriter.preface.bytes + [0, 0, 1, 1, 4, 0, 0, 0, 1, 0xff],
  ])
  func `bytes that are no HTTP 2 end the connection`(bytes: [UInt8]) {
    let owner = HTTP2Owner()
    owner.receive(bytes)
    let output = owner.output()
    #expect(owner.abuses == [.violation])
    #expect((ReceivedFrame.goaway(output) ?? 0) != 0)
    #expect(owner.session.wantsToEnd)
  }
}
