import Testing

@testable import Rooms

@Suite struct RoomsPerAddressTests {
  private let station = Station { $0.limits.roomsPerAddress = 2 }

  private func room(_ number: Int) throws -> RoomName { try #require(RoomName("room-\(number)")) }

  @Test func `an address makes no more rooms than its share; others still do`() throws {
    let pages = try (1...2).map { station.enter(to: try room($0)) }
    let third = station.enter(to: try room(3))
    #expect(station.errors(third) == [.tooManyRooms] && station.closed[third] == .full)
    _ = try station.welcome(station.enter(to: try room(1)))
    _ = try station.welcome(station.enter(to: try room(3), address: "203.0.113.9"))
    // The place is free when the room has gone.
    station.send(.leave, on: pages[1])
    station.wait(RoomsLimits.grace)
    _ = try station.welcome(station.enter(to: try room(4)))
  }

  @Test func `guests who say no hello count, too`() throws {
    for number in 1...3 {
      let page = station.connect(to: try room(number), road: .plainWebSocket)
      station.send(.clientMessage("hi"), on: page)
    }
    #expect(station.rooms.counts.rooms == 2)
  }

  @Test func `operators, people with an invite, and a proxy on this machine have no such limit`() throws {
    for number in 1...3 { _ = try station.welcome(station.enter(to: try room(number), .operator)) }
    for number in 4...6 {
      let invite = station.invite(.talker, to: try room(number))
      _ = try station.welcome(station.enter(to: try room(number)) { $0.invite = invite })
    }
    for number in 7...9 {
      let page = ConnectionID(1000 + number)
      station.give(
        .connected(page, try room(number), Visitor(road: .webSocket, address: "127.0.0.1", isLimited: false)))
      station.give(.message(page, .hello(Hello())))
    }
    #expect(station.rooms.counts.rooms == 9)
  }
}
