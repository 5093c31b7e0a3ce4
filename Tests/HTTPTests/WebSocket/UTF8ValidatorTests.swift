import Testing

@testable import HTTP

@Suite struct UTF8ValidatorTests {
  /// The number of bytes that are taken, one at a time, before the first byte that is refused; nil if all are taken.
  private static func refusal(_ bytes: [UInt8]) -> Int? {
    var validator = UTF8Validator()
    return bytes.indices.first { index in !bytes[index...index].withUnsafeBytes { validator.accepts($0) } }
  }

  private static func isText(_ bytes: [UInt8]) -> Bool {
    var validator = UTF8Validator()
    return bytes.withUnsafeBytes { validator.accepts($0) } && validator.isAtBoundary
  }

  // The texts of Autobahn's section 6, after Markus Kuhn's decoder test.
  static let valid: [[UInt8]] = [
    [], Array("Hello-µ@ßöäüàá-UTF-8!!".utf8), Array("κόσμε".utf8), [0x00], [0xC2, 0x80], [0xE0, 0xA0, 0x80],
    [0xF0, 0x90, 0x80, 0x80], [0x7F], [0xDF, 0xBF], [0xEF, 0xBF, 0xBF], [0xF4, 0x8F, 0xBF, 0xBF], [0xED, 0x9F, 0xBF],
    [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBD], [0xEF, 0xBF, 0xBE], [0xF0, 0x9F, 0xBF, 0xBF], [0xF3, 0xBF, 0xBF, 0xBF],
  ]

  /// The text, and the position of its first byte that no valid text can have there; nil if only the end is wrong.
  static let invalid: [(bytes: [UInt8], position: Int?)] = [
    // Beyond U+10FFFF, and sequences of five and six bytes.
    ([0xF4, 0x90, 0x80, 0x80], 1), ([0xF5], 0), ([0xF7, 0xBF, 0xBF, 0xBF], 0), ([0xF8, 0x88, 0x80, 0x80, 0x80], 0),
    ([0xFB, 0xBF, 0xBF, 0xBF, 0xBF], 0), ([0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], 0), ([0xFE], 0), ([0xFF], 0),
    // Continuation bytes without a start.
    ([0x80], 0), ([0xBF], 0), ([0x41, 0x80, 0xBF], 1), ([0xC2, 0x80, 0x80], 2),
    // Starts without their continuation.
    ([0xC3, 0x20], 1), ([0xE1, 0x80, 0x20], 2), ([0xF1, 0x80, 0x80, 0x20], 3), ([0xC3], nil), ([0xE0, 0xA0], nil),
    ([0xF0, 0x90, 0x80], nil), ([0xCE, 0xBA, 0xE1], nil), ([0xE1, 0xBD, 0xE1], 2),
    // Overlong forms.
    ([0xC0, 0xAF], 0), ([0xC1, 0xBF], 0), ([0xE0, 0x80, 0xAF], 1), ([0xE0, 0x9F, 0xBF], 1),
    ([0xF0, 0x80, 0x80, 0xAF], 1),
    ([0xF0, 0x8F, 0xBF, 0xBF], 1), ([0xC0, 0x80], 0),
    // Surrogates.
    ([0xED, 0xA0, 0x80], 1), ([0xED, 0xBF, 0xBF], 1), ([0xED, 0xAD, 0xBF, 0xED, 0xB0, 0x80], 1),
    // Long ASCII in front.
    (Array("0123456789abcdef".utf8) + [0xFF], 16), (Array("0123456789abcdefgh".utf8) + [0xC3, 0x28], 19),
  ]

  @Test(arguments: valid) func `text is taken`(bytes: [UInt8]) {
    #expect(Self.refusal(bytes) == nil)
    #expect(Self.isText(bytes))
    #expect(Self.isText(Array("0123456789".utf8) + bytes + Array("0123456789".utf8)))
  }

  @Test(arguments: invalid) func `anything else is refused at its first wrong byte`(bytes: [UInt8], position: Int?) {
    #expect(Self.refusal(bytes) == position)
    #expect(!Self.isText(bytes))
    var machine = WebSocketMachine(messageLimit: 100)
    #expect(machine.events(of: ClientFrame(0x81, bytes).bytes) == [Self.failure])
  }

  @Test(arguments: invalid.filter { $0.position != nil })
  func `a message fails at that byte, before its frame is complete`(bytes: [UInt8], position: Int?) {
    var machine = WebSocketMachine(messageLimit: 1000)
    var frame = ClientFrame(0x01, bytes)
    frame.length = bytes.count + 100
    let start = frame.bytes.prefix(6 + position!)
    #expect(machine.events(of: start).isEmpty)
    #expect(machine.events(of: [frame.bytes[start.count]]) == [Self.failure])
  }

  @Test func `a character may be split between frames`() {
    let text = Array("κόσμε😀".utf8)
    var machine = WebSocketMachine(messageLimit: 1000)
    let frames = text.enumerated().flatMap { ClientFrame($0 == 0 ? 0x01 : 0x00, [$1]).bytes + ClientFrame.ping() }
    let events = machine.events(of: frames + ClientFrame(0x80).bytes)
    #expect(events.last == .message(.text("κόσμε😀")))
    #expect(events.count == text.count + 1)
  }

  @Test func `every text of two or three bytes is judged as by the standard library`() {
    for first in UInt8.min...UInt8.max {
      for second in stride(from: UInt8.min, through: 0xF0, by: 1) {
        for bytes in [[first, second], [first, second, 0x80], [first, second, 0xBF, 0x80]] {
          #expect(Self.isText(bytes) == (String(validating: bytes, as: UTF8.self) != nil))
        }
      }
    }
  }

  private static let failure = WebSocketMachine.Event.failure(.invalidPayload, reason: "the text is not UTF-8")
}
