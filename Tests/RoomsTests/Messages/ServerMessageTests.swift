import Core
import Testing

@testable import Rooms

@Suite struct ServerMessageTests {
  @Test func `hostile text stays text`() throws {
    let chat = ServerMessage.chat(
      ChatMessage(
        stamp: Stamp(id: 7, time: Station.noon), from: MemberID(8)!, name: "\"}</script>", text: "\\\n\u{1}é"))
    #expect(
      chat.text
        == #"{"type":"chat","id":7,"from":8,"name":"\"}</script>","text":"\\\u000a\u0001é","time":"2026-11-29T12:00:00.000Z"}"#
    )
    #expect(try ServerMessage(text: Array(chat.text.utf8)) == chat)
  }

  @Test(arguments: [
    "", "[]", #"{"id":1}"#, #"{"type":"chat","id":1}"#, #"{"type":"error","code":"odd","text":""}"#,
    #"{"type":"signal","from":1,"kind":"odd"}"#, #"{"type":"moved","to":"A","url":""}"#,
    #"{"type":"poll","id":1,"poll":1,"question":"","choices":["a"],"votes":[],"open":true,"time":"2026-11-29T12:00:00.000Z"}"#,
    #"{"type":"goal","id":1,"time":"yesterday"}"#, #"{"type":"welcome"}"#, #"{"type":"members","joined":[],"left":[]}"#,
  ])
  func `a text that the server has not written is refused`(text: String) {
    let error = #expect(throws: RoomError.self) { try ServerMessage(text: Array(text.utf8)) }
    #expect(error?.code == .badMessage)
  }

  @Test func `messages with an id have a stamp, and no others`() throws {
    let stamp = Stamp(id: 7, time: Station.noon)
    let member = MemberID(8)!
    let stamped: [ServerMessage] = [
      .chat(ChatMessage(stamp: stamp, from: member, name: "Ann", text: "hi")),
      .deleted(Deletion(stamp: stamp, message: 6, by: member)),
      .event(RoomEvent(stamp: stamp, type: "prompt", fields: JSONFields())),
      .poll(PollState(stamp: stamp, poll: 7, question: "?", choices: ["a", "b"])),
      .air(AirState(stamp: stamp, isOn: true, members: [])),
    ]
    for message in stamped { #expect(message.stamp == stamp && message.text.contains(#""id":7"#)) }
    for message in [ServerMessage.pong(rtt: 1), .hand(from: member, up: true), .serverMessage("hi")] {
      #expect(message.stamp == nil)
    }
  }
}
