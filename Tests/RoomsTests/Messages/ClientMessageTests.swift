import Core
import Testing

@testable import Rooms

@Suite struct ClientMessageTests {
  private func message(_ text: String) throws(RoomError) -> ClientMessage { try ClientMessage(Array(text.utf8)) }

  @Test func `unknown fields are ignored, null is as good as absent, and the last of two fields counts`() throws {
    #expect(
      try message(#"{"type":"chat","text":"a","text":"b","nonce":null,"more":[1]}"#) == .chat(text: "b", nonce: nil))
  }

  @Test func `a hello may be empty or full`() throws {
    #expect(try message(#"{"type":"hello"}"#) == .hello(Hello()))
    var hello = Hello()
    hello.name = "Ann"
    hello.last = 7
    hello.sound = .pcm16
    hello.capabilities = JSONFields([("opus", .bool(true))])
    #expect(
      try message(#"{"type":"hello","name":"Ann","last":7,"sound":"pcm16","capabilities":{"opus":true}}"#)
        == .hello(hello))
  }

  @Test func `a signal keeps all fields but the server's own`() throws {
    let offer = try message(#"{"type":"offer","to":7,"from":9,"kind":"ice","sdp":{"type":"offer","sdp":"v=0"}}"#)
    let sdp = JSON.object([("type", .string("offer")), ("sdp", .string("v=0"))])
    #expect(offer == .signal(Signal(.offer, JSONFields([("sdp", sdp)])), to: MemberID(7)!))
  }

  @Test(arguments: [
    "", "x", "[]", "1", #"{"text":"a"}"#, #"{"type":7}"#, #"{"type":"chat"}"#, #"{"type":"chat","text":7}"#,
    #"{"type":"hello","name":[]}"#, #"{"type":"hello","last":1.5}"#, #"{"type":"hello","last":"1"}"#,
    #"{"type":"hello","last":99999999999999999999}"#, #"{"type":"hello","capabilities":1}"#, #"{"type":"hand"}"#,
    #"{"type":"hand","up":1}"#, #"{"type":"vote","poll":1}"#, #"{"type":"offer"}"#, #"{"type":"offer","to":"7"}"#,
    #"{"type":"host"}"#, #"{"type":"host","action":"shout"}"#,
    #"{"type":"host","action":"role","member":1,"role":"operator"}"#,
    #"{"type":"invite","role":"operator","expires":60}"#, #"{"type":"invite","role":"host","expires":0}"#,
    #"{"type":"invite","role":"host","expires":99999999}"#, #"{"type":"event"}"#, #"{"type":"event","event":{}}"#,
  ])
  func `a message without the form of its type is refused`(text: String) {
    let error = #expect(throws: RoomError.self) { try message(text) }
    #expect(error?.code == .badMessage)
  }

  @Test(arguments: [#"{"type":""}"#, #"{"type":"shout"}"#, #"{"type":"welcome"}"#, #"{"type":"Chat","text":"a"}"#])
  func `an unknown type is told`(text: String) {
    #expect(throws: RoomError(.unknownType)) { try message(text) }
  }

  @Test(arguments: [0, -1, 1 << 48, Int.max]) func `a number that no member has names nobody`(number: Int) {
    #expect(throws: RoomError(.noSuchMember)) { try message(#"{"type":"ice","to":\#(number)}"#) }
  }

  @Test func `a message has at most 16 kB, or what the flag says`() throws {
    func chat(_ bytes: Int) -> [UInt8] {
      Array((#"{"type":"chat","text":""# + String(repeating: "x", count: bytes - 25) + #""}"#).utf8)
    }
    #expect(chat(16_384).count == 16_384)
    _ = try ClientMessage(chat(16_384))
    #expect(
      throws: RoomError(.tooLong, "The message has 16385 bytes; at most 16384 are allowed.")
    ) { try ClientMessage(chat(16_385)) }
    _ = try ClientMessage(chat(20_000), longest: 20_000)
  }

  @Test func `a signal has at most 16 kB, whatever the flag says`() {
    let long = #"{"type":"ice","to":7,"x":""# + String(repeating: "x", count: 16_384) + #""}"#
    let error = #expect(throws: RoomError.self) { try ClientMessage(Array(long.utf8), longest: 100_000) }
    #expect(error?.code == .tooLong)
  }
}
