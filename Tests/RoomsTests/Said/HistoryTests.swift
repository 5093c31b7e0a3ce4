import Core
import Testing

@testable import Rooms

@Suite struct HistoryTests {
  private func chat(_ id: Int, _ text: String = "x") -> ServerMessage {
    .chat(ChatMessage(stamp: Stamp(id: id, time: Station.noon), from: MemberID(7)!, name: "Ann", text: text))
  }

  private func event(_ id: Int) -> ServerMessage {
    .event(RoomEvent(stamp: Stamp(id: id, time: Station.noon), type: "score", fields: JSONFields()))
  }

  private func ids(_ history: History) -> [Int] { history.messages.compactMap { $0.stamp?.id } }

  @Test func `the newest 200 chats stay, and scores do not drive them out`() {
    var history = History()
    for id in 0..<1000 { history.add(id.isMultiple(of: 2) ? chat(id) : event(id)) }
    #expect(ids(history) == Array(600..<1000))
    for id in 1000..<2000 { history.add(event(id)) }
    #expect(ids(history) == Array(stride(from: 600, to: 1000, by: 2)) + Array(1800..<2000))
  }

  @Test func `the bytes are limited too`() {
    var history = History()
    let long = String(repeating: "x", count: 16_000)
    for id in 0..<100 { history.add(chat(id, long)) }
    #expect(ids(history) == Array(68..<100))
    #expect(history.messages.reduce(0) { $0 + $1.text.utf8.count } <= RoomsLimits.historyBytes)
  }

  @Test(arguments: [(0, [1, 3]), (1, [3]), (2, [3]), (3, []), (-5, [1, 3])])
  func `messages after an id are those with higher ids`(after: Int, expected: [Int]) {
    var history = History()
    history.add(chat(1))
    history.add(chat(3))
    #expect(history.messages(after: after).compactMap { $0.stamp?.id } == expected)
  }

  @Test func `a poll replaces the older message about the same poll`() {
    var history = History()
    func poll(_ id: Int, _ poll: Int) -> ServerMessage {
      .poll(PollState(stamp: Stamp(id: id, time: Station.noon), poll: poll, question: "?", choices: ["a", "b"]))
    }
    for message in [poll(1, 1), poll(2, 2), chat(3), poll(4, 1)] { history.add(message) }
    #expect(ids(history) == [2, 3, 4])
  }

  @Test func `a room has what the disk has kept`() throws {
    let station = Station()
    let poll = ServerMessage.poll(
      PollState(stamp: Stamp(id: 1 << 45, time: Station.noon), poll: 5, question: "?", choices: ["a", "b"]))
    let deleted = ServerMessage.deleted(
      Deletion(stamp: Stamp(id: 9, time: Station.noon), message: 7, by: MemberID(7)!))
    station.give(.restored(Station.hall, [chat(7), chat(8), deleted, chat(8, "again"), .pong(rtt: nil), poll]))
    let ann = station.enter("Ann")
    let history = try station.welcome(ann).history
    #expect(history.compactMap { $0.stamp?.id } == [8, 9, 1 << 45])
    guard case .poll(let state) = history[2] else { return #expect(Bool(false), "\(history[2])") }
    #expect(!state.isOpen)
    station.chat("new", on: ann)
    #expect(station.chats(ann)[0].stamp.id == 1 << 45 + 1)
    // The room exists now.
    station.give(.restored(Station.hall, [chat(70)]))
    #expect(try station.welcome(station.enter("Bob")).history.count == 4)
  }

  @Test func `what the disk has kept goes with the last connection that might need it`() throws {
    let station = Station(open: nil)
    station.give(.restored(Station.hall, [chat(7)]))
    let page = station.connect()
    station.lose(page)
    let admin = station.enter("Admin", .operator)
    #expect(try station.welcome(admin).history.isEmpty)
  }
}
