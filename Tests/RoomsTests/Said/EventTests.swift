import Core
import Testing

@testable import Rooms

@Suite struct EventTests {
  private func request(_ text: String) throws -> EventRequest { try EventRequest(Array(text.utf8)) }

  @Test func `a host's event reaches members and audience, with all its fields`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    station.send(
      .event(try request(#"{"type":"goal","team":"A","more":{"minute":90,"id":4},"id":1,"time":2}"#)), on: host)
    let event = try #require(station.inbox(ann).last)
    let id = try #require(event.stamp?.id)
    #expect(
      event.text
        == #"{"type":"goal","id":\#(id),"team":"A","more":{"minute":90,"id":4},"time":"2026-11-29T12:00:00.000Z"}"#)
    #expect(station.published == [event] && station.stored == [event])
    #expect(try station.welcome(station.enter("Late")).history == [event])
  }

  @Test(arguments: [
    "chat", "welcome", "members", "deleted", "hello", "signal", "air", "error", "server_message", "client_message",
    "ping",
    "removed", "room", "", String(repeating: "x", count: 65),
  ])
  func `the types of the protocol's own messages are refused`(type: String) {
    #expect(throws: RoomError.self) { try request(#"{"type":"\#(type)"}"#) }
  }

  @Test(arguments: [
    "[]", "{}", #"{"type":1}"#, #"{"type":"prompt"}"#, #"{"type":"prompt","text":1}"#, #"{"type":"poll"}"#,
    #"{"type":"poll","question":"?","choices":["a"]}"#, #"{"type":"poll","question":"","choices":["a","b"]}"#,
    #"{"type":"poll","question":"?","choices":["a",""]}"#, #"{"type":"poll","question":"?","choices":["a",2]}"#,
    #"{"type":"poll","poll":1,"open":true}"#, #"{"type":"poll","poll":1}"#,
  ])
  func `an event has the form of its type`(text: String) {
    let error = #expect(throws: RoomError.self) { try request(text) }
    #expect(error?.code == .badMessage)
  }

  @Test func `listeners and talkers give no events`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    station.send(.event(try request(#"{"type":"score"}"#)), on: ann)
    #expect(station.errors(ann) == [.notAllowed] && station.published.isEmpty)
  }

  @Test func `messages of a stream's room have the position of the sound`() throws {
    let station = Station { $0.streams.named[Station.hall] = StreamRoom(admitsListeners: true) }
    let host = station.host()
    station.chat("before", on: host)
    #expect(station.chats(host)[0].stamp.position == nil)
    station.give(
      .anchor(
        Station.hall,
        StreamAnchor(
          monotonic: station.now.monotonic - .milliseconds(250), sample: 1_000_000,
          date: WallTime("2026-11-29T11:59:59.000Z")!, rate: 48_000)))
    station.chat("now", on: host)
    station.wait(.seconds(10))
    station.chat("later", on: host)
    let positions = station.chats(host).compactMap(\.stamp.position)
    #expect(
      positions == [
        StreamPosition(stream: "hall", sample: 1_012_000, date: WallTime("2026-11-29T11:59:59.250Z")!),
        StreamPosition(stream: "hall", sample: 1_492_000, date: WallTime("2026-11-29T12:00:09.250Z")!),
      ])
    #expect(
      station.published.last?.text.hasSuffix(
        #""time":"2026-11-29T12:00:10.000Z","stream":"hall","sample":1492000,"date":"2026-11-29T12:00:09.250Z"}"#)
        == true)
  }
}
