import Testing

@testable import HTTP

@Suite struct WebSocketMachineTests {
  typealias Event = WebSocketMachine.Event

  private static func events(_ bytes: [UInt8], limit: Int = 1 << 20) -> [Event] {
    var machine = WebSocketMachine(messageLimit: limit)
    return machine.events(of: bytes)
  }

  private static func text(_ text: String) -> Event { .message(.text(text)) }

  // RFC 6455 §5.7.
  @Test func `the examples of the RFC are read`() {
    #expect(
      Self.events([0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]) == [Self.text("Hello")])
    #expect(
      Self.events([0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]) == [.pong(Array("Hello".utf8))])
    #expect(
      Self.events(ClientFrame(0x01, "Hel".utf8).bytes + ClientFrame(0x80, "lo".utf8).bytes) == [Self.text("Hello")])
  }

  @Test(arguments: [0, 1, 7, 8, 9, 125, 126, 127, 128, 65535, 65536, 100_000])
  func `messages of every length are read`(length: Int) {
    let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let text = String(repeating: "*", count: length)
    #expect(Self.events(ClientFrame.binary(payload)) == [.message(.binary(payload))])
    #expect(Self.events(ClientFrame.text(text)) == [Self.text(text)])
  }

  @Test func `frames that follow one another are all read`() {
    let bytes =
      ClientFrame.text("a") + ClientFrame.ping("b") + ClientFrame.binary([1]) + ClientFrame.pong("c")
      + ClientFrame.text("")
    let expected: [Event] = [
      Self.text("a"), .ping([0x62]), .message(.binary([1])), .pong([0x63]), Self.text(""),
    ]
    #expect(Self.events(bytes) == expected)
  }

  @Test func `control frames come between the frames of a message`() {
    let bytes =
      ClientFrame(0x01, "a".utf8).bytes + ClientFrame.ping("1") + ClientFrame(0x00, "b".utf8).bytes
      + ClientFrame.pong("2") + ClientFrame(0x80, "c".utf8).bytes
    #expect(Self.events(bytes) == [.ping([0x31]), .pong([0x32]), Self.text("abc")])
  }

  @Test func `a message of empty frames is empty`() {
    let bytes = ClientFrame(0x01).bytes + ClientFrame(0x00).bytes + ClientFrame(0x80).bytes
    #expect(Self.events(bytes) == [Self.text("")])
    #expect(Self.events(ClientFrame(0x02).bytes + ClientFrame(0x80, [7]).bytes) == [.message(.binary([7]))])
  }

  @Test func `a frame that is not masked is a protocol error`() {
    for start: UInt8 in [0x81, 0x82, 0x88, 0x89, 0x8A] {
      var frame = ClientFrame(start, [0x61])
      frame.isMasked = false
      #expect(Self.events(frame.bytes) == [.failure(.protocolError, reason: "the frame is not masked")])
    }
  }

  @Test(arguments: [0x91, 0xA1, 0xC1, 0xF1, 0xB9, 0xC8, 0x90 as UInt8])
  func `a reserved bit is a protocol error`(start: UInt8) {
    #expect(
      Self.events(ClientFrame(start, [0x61]).bytes) == [.failure(.protocolError, reason: "a reserved bit is set")])
  }

  @Test(arguments: [0x83, 0x84, 0x85, 0x86, 0x87, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x03, 0x0F as UInt8])
  func `an unknown opcode is a protocol error`(start: UInt8) {
    let expected: [Event] = [Self.text("a"), .failure(.protocolError, reason: "unknown opcode")]
    #expect(Self.events(ClientFrame.text("a") + ClientFrame(start).bytes + ClientFrame.ping()) == expected)
  }

  @Test(arguments: [0x08, 0x09, 0x0A as UInt8]) func `a fragmented control frame is a protocol error`(start: UInt8) {
    #expect(
      Self.events(ClientFrame(start).bytes) == [.failure(.protocolError, reason: "a control frame is fragmented")])
  }

  @Test(arguments: [0x88, 0x89, 0x8A as UInt8])
  func `a control frame of more than 125 bytes is a protocol error`(start: UInt8) {
    let payload = [0x03, 0xE8] + Array(repeating: UInt8(ascii: "x"), count: 124)
    #expect(
      Self.events(ClientFrame(start, payload).bytes) == [
        .failure(.protocolError, reason: "a control frame is too long")
      ])
    #expect(Self.events(ClientFrame(start, payload.dropLast()).bytes).count == 1)
    if case .failure = Self.events(ClientFrame(start, payload.dropLast()).bytes)[0] { Issue.record("refused") }
  }

  @Test func `a continuation without a message is a protocol error`() {
    let expected: [Event] = [.failure(.protocolError, reason: "a continuation without a message")]
    for start: UInt8 in [0x00, 0x80] { #expect(Self.events(ClientFrame(start, [0x61]).bytes) == expected) }
    let after = Self.events(ClientFrame(0x01).bytes + ClientFrame(0x80).bytes + ClientFrame(0x80).bytes)
    #expect(after == [Self.text("")] + expected)
  }

  @Test(arguments: [0x01, 0x81, 0x02, 0x82 as UInt8])
  func `a message within a message is a protocol error`(start: UInt8) {
    let events = Self.events(ClientFrame(0x01, [0x61]).bytes + ClientFrame(start, [0x61]).bytes)
    #expect(events == [.failure(.protocolError, reason: "a message begins within a message")])
  }

  @Test(arguments: [
    (2, 0), (2, 125), (8, 0), (8, 126), (8, 65535), (8, Int.min), (8, -1),
  ]) func `a length that is not in its shortest form is a protocol error`(lengthBytes: Int, length: Int) {
    var frame = ClientFrame(0x82)
    (frame.lengthBytes, frame.length) = (lengthBytes, length)
    #expect(Self.events(frame.bytes) == [.failure(.protocolError, reason: "malformed payload length")])
  }

  @Test func `a message over the limit fails at its header`() {
    let failure = Event.failure(.messageTooBig, reason: "the message has more than 10 bytes")
    #expect(Self.events(ClientFrame(0x82, Array(1...10)).bytes, limit: 10) == [.message(.binary(Array(1...10)))])
    var frame = ClientFrame(0x82)
    for length in [11, 126, 65536, Int.max] {
      frame.length = length
      #expect(Self.events(frame.bytes, limit: 10) == [failure])
    }
    // The frames of a message count together.
    let fragments = ClientFrame(0x02, Array(1...6)).bytes + ClientFrame(0x00, Array(1...4)).bytes
    #expect(Self.events(fragments + ClientFrame(0x80).bytes, limit: 10).count == 1)
    #expect(Self.events(fragments + ClientFrame(0x80, [1]).bytes, limit: 10) == [failure])
    // Control frames do not count.
    #expect(Self.events(ClientFrame.ping("0123456789abc"), limit: 10) == [.ping(Array("0123456789abc".utf8))])
  }

  @Test func `a close frame without a body has no code`() {
    #expect(Self.events(ClientFrame(0x88).bytes) == [.close(nil, reason: "")])
  }

  @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999])
  func `a valid close code is read`(code: Int) {
    #expect(
      Self.events(ClientFrame.close(UInt16(code), "why")) == [.close(.init(rawValue: UInt16(code)), reason: "why")])
  }

  @Test(arguments: [0, 1, 999, 1004, 1005, 1006, 1012, 1013, 1014, 1015, 1016, 1100, 2000, 2999, 5000, 65535])
  func `an invalid close code is a protocol error`(code: Int) {
    let expected: [Event] = [.failure(.protocolError, reason: "invalid close code")]
    #expect(Self.events(ClientFrame.close(UInt16(code), "why")) == expected)
  }

  @Test func `a malformed close frame is refused`() {
    #expect(
      Self.events(ClientFrame(0x88, [3]).bytes) == [.failure(.protocolError, reason: "a close frame of one byte")])
    #expect(
      Self.events(ClientFrame(0x88, [0x03, 0xE8, 0xCE, 0xBA, 0xE1]).bytes)
        == [.failure(.invalidPayload, reason: "the text is not UTF-8")])
  }

  @Test func `a close frame within a message ends it`() {
    #expect(Self.events(ClientFrame(0x01, [0x61]).bytes + ClientFrame.close(1000)) == [.close(.normal, reason: "")])
  }

  @Test func `after a close or a failure nothing is read`() {
    for end in [ClientFrame.close(1000), ClientFrame(0x83).bytes] {
      var machine = WebSocketMachine(messageLimit: 100)
      #expect(machine.events(of: end + ClientFrame.text("a")).count == 1)
      #expect(machine.events(of: ClientFrame.text("b")).isEmpty)
    }
  }

  @Test func `all bytes are taken, and none twice`() {
    var machine = WebSocketMachine(messageLimit: 100)
    (ClientFrame.text("a") + ClientFrame.text("b") + [0x81]).withUnsafeBytes { bytes in
      var rest = bytes
      #expect(machine.receive(&rest) == Self.text("a"))
      #expect(rest.count == 8)
      #expect(machine.receive(&rest) == Self.text("b"))
      #expect(rest.count == 1)
      #expect(machine.receive(&rest) == nil)
      #expect(rest.isEmpty)
    }
  }

  @Test(arguments: 1...40) func `every split of the input gives the same events`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let bytes = RandomFrames.bytes(using: &random)
      let whole = Self.events(bytes, limit: 300)
      var machine = WebSocketMachine(messageLimit: 300)
      var (rest, events): (ArraySlice<UInt8>, [Event]) = (bytes[...], [])
      let longest = [1, 3, 20, 500].randomElement(using: &random)!
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...longest, using: &random))
        rest = rest.dropFirst(piece.count)
        events += machine.events(of: piece)
      }
      #expect(events == whole)
    }
  }
}
