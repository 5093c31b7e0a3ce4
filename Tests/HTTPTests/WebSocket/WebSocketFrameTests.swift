import Testing

@testable import HTTP

@Suite struct WebSocketFrameTests {
  private static func bytes(_ frame: WebSocketFrame) -> [UInt8] {
    #expect(frame.count == frame.withBytes(from: 0) { $0.count })
    return frame.withBytes(from: 0) { Array($0) }
  }

  // RFC 6455 §5.7.
  @Test func `the examples of the RFC are made`() {
    #expect(Self.bytes(.text("Hello")) == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
    #expect(Self.bytes(.ping(Array("Hello".utf8))) == [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
    #expect(Self.bytes(.pong(Array("Hello".utf8))) == [0x8A, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
    #expect(Self.bytes(.binary(Array(repeating: 7, count: 256))).prefix(5) == [0x82, 0x7E, 0x01, 0x00, 7])
    #expect(
      Self.bytes(.binary(Array(repeating: 7, count: 65536))).prefix(11) == [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0, 7])
  }

  @Test(arguments: [(0, 2), (125, 2), (126, 4), (65535, 4), (65536, 10)])
  func `the length has its shortest form`(length: Int, header: Int) {
    let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
    #expect(Self.bytes(.binary(payload)).count == header + length)
    #expect(Self.bytes(.binary(payload)).suffix(length).elementsEqual(payload))
  }

  @Test func `a close frame has a code and a reason of whole characters`() {
    #expect(Self.bytes(.close(nil)) == [0x88, 0])
    #expect(Self.bytes(.close(.normal, reason: "a")) == [0x88, 3, 0x03, 0xE8, 0x61])
    let long = Self.bytes(.close(.goingAway, reason: String(repeating: "€", count: 60)))
    #expect(long.count == 2 + 2 + 123)
    let odd = Self.bytes(.close(.goingAway, reason: "a" + String(repeating: "€", count: 60)))
    #expect(odd.count == 2 + 2 + 121)
    #expect(String(validating: odd[4...], as: UTF8.self) == "a" + String(repeating: "€", count: 40))
  }

  @Test func `a close frame may hold a code that is for servers alone`() {
    #expect(Self.bytes(.close(.serviceRestart)) == [0x88, 2, 0x03, 0xF4])
    #expect(Self.bytes(.close(.tryAgainLater)) == [0x88, 2, 0x03, 0xF5])
  }

  @Test func `the rest of a frame is given from any position`() {
    let frame = WebSocketFrame.text("abc")
    #expect(frame.withBytes(from: 3) { Array($0) } == Array("bc".utf8))
  }
}
