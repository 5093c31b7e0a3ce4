import Core
import Testing

@testable import Rooms

@Suite struct ListTests {
  private func names(_ station: Station, isOperator: Bool = false, mayListen: Bool = false) -> [String] {
    station.rooms.list(isOperator: isOperator, mayListen: { _ in mayListen }, at: station.now).map(\.name.text)
  }

  @Test func `the list has the rooms that one may enter without an invite`() {
    let station = Station { $0.streams.named[RoomName("live")!] = StreamRoom(admitsListeners: true) }
    let host = station.host()
    _ = station.enter("Ann", to: RoomName("cellar")!)
    _ = station.enter("Ann", to: RoomName("live")!, Credentials(mayListen: true))
    #expect(names(station) == ["cellar", "hall"] && names(station, mayListen: true) == ["cellar", "hall", "live"])
    station.act(.inviteOnly(true), on: host)
    #expect(names(station) == ["cellar"] && names(station, isOperator: true) == ["cellar", "hall", "live"])
  }

  @Test func `in a closed station the list is empty but for operators`() {
    let station = Station(open: nil)
    _ = station.host()
    #expect(names(station).isEmpty && names(station, isOperator: true) == ["hall"])
  }

  @Test func `a row has the counts and the state`() throws {
    let station = Station(hasCalls: true)
    let host = station.host()
    let ann = station.enter("Ann")
    station.lose(ann)
    station.act(.lock(true), on: host)
    for _ in 0..<3 { station.chat("hi", on: host) }
    var row = try #require(station.rooms.list(isOperator: false, mayListen: { _ in false }, at: station.now).first)
    row.audience = 7
    #expect(row.json.text == #"{"name":"hall","members":2,"audience":7,"locked":true,"calls":true}"#)
    #expect(row.messagesAMinute == 3)
  }

  @Test func `changes of the list are told at most twice a second`() {
    let station = Station()
    for number in 0..<20 {
      _ = station.enter("Page \(number)")
      station.wait(.milliseconds(100))
    }
    station.wait(.seconds(5))
    #expect(station.listChanges.count == 5)
    #expect(zip(station.listChanges, station.listChanges.dropFirst()).allSatisfy { $1 - $0 >= .milliseconds(500) })
    station.wait(.seconds(5))
    #expect(station.listChanges.count == 5)
  }

  @Test func `the audience needs the same right as a member`() {
    let station = Station()
    let host = station.host()
    func refusal(_ station: Station, _ credentials: Credentials = .none, invite: String? = nil) -> ErrorCode? {
      let visitor = Visitor(road: .events, address: "192.0.2.7", credentials: credentials)
      return station.rooms.refusalOfAudience(Station.hall, visitor, invite: invite, at: station.now)?.code
    }
    #expect(refusal(station) == nil)
    station.act(.lock(true), on: host)
    #expect(refusal(station) == .locked && refusal(station, .operator) == nil)
    station.act(.lock(false), on: host)
    station.act(.inviteOnly(true), on: host)
    #expect(refusal(station) == .notAdmitted)
    #expect(
      refusal(station, invite: station.invite(.listener)) == nil && refusal(station, invite: "x") == .forgedInvite)
  }
}
