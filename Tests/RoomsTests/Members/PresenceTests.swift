import Testing

@testable import Rooms

@Suite struct PresenceTests {
  @Test func `a newcomer sees everybody, with the own member`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    #expect(try station.welcome(ann).members.map(\.name) == ["Ann"])
    let bob = station.enter("Bob")
    #expect(try station.welcome(bob).members.map(\.name) == ["Ann", "Bob"])
    #expect(try station.welcome(bob).you.id == station.welcome(bob).members[1].id)
    station.wait(.milliseconds(500))
    #expect(station.changes(ann).map { $0.joined.map(\.name) } == [["Ann"], ["Bob"]])
  }

  @Test func `changes are told at most twice a second, all together`() throws {
    let station = Station()
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    station.wait(.seconds(2))
    _ = station.read(ann)
    for number in 0..<10 {
      station.send(.away(number.isMultiple(of: 2)), on: bob)
      station.send(.typing(true), on: bob)
      station.wait(.milliseconds(100))
    }
    station.wait(.seconds(1))
    #expect(station.changes(ann).count == 3)
    let last = try #require(station.changes(ann).last)
    #expect(last.changed.map(\.name) == ["Bob"] && last.joined.isEmpty && last.left.isEmpty)
    #expect(last.changed[0].isTyping && !last.changed[0].isAway)
  }

  @Test func `nothing is told when nothing changes`() {
    let station = Station()
    let ann = station.enter("Ann")
    station.wait(.seconds(2))
    _ = station.read(ann)
    station.send(.away(false), on: ann)
    station.send(.hand(up: false), on: ann)
    station.wait(.seconds(60))
    #expect(station.inbox(ann).isEmpty && station.rooms.nextWake == nil)
  }

  @Test func `a member who comes and goes in between is told as gone`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    let bob = station.enter("Bob")
    let id = try station.id(bob)
    station.send(.leave, on: bob)
    station.wait(.seconds(1))
    #expect(station.closed[bob] == .left)
    #expect(station.changes(ann).last?.left == [id])
    #expect(!station.changes(ann).contains { $0.joined.contains { $0.id == id } })
  }

  @Test func `a hand is told at once`() throws {
    let station = Station()
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    station.send(.hand(up: true), on: bob)
    station.send(.hand(up: true), on: bob)
    let id = try station.id(bob)
    #expect(station.inbox(ann).filter { $0.type == "hand" } == [.hand(from: id, up: true)])
    #expect(try station.member("Bob").hasHandUp)
  }

  @Test func `a member takes another name if the name is free`() throws {
    let station = Station()
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    station.send(.name("ANN"), on: bob)
    #expect(
      station.inbox(bob).last
        == .error(RoomError(.nameTaken, "Another member has the name ANN.", suggestion: "ANN 2")))
    station.send(.name("\u{202E}"), on: bob)
    #expect(station.errors(bob) == [.nameTaken, .badName])
    station.send(.name("Carl"), on: bob)
    station.send(.name("ann"), on: ann)
    #expect(station.rooms.members(of: Station.hall).map(\.name) == ["ann", "Carl"])
  }

  @Test(arguments: [(0, Network.good), (149, .good), (150, .fair), (399, .fair), (400, .poor), (-5, .good)])
  func `the network's quality follows the round trip`(rtt: Int, network: Network) throws {
    let station = Station()
    let ann = station.enter("Ann")
    #expect(try station.member("Ann").network == nil)
    station.send(.ping(PageDelays(rtt: rtt)), on: ann)
    #expect(station.inbox(ann).contains(.pong(rtt: rtt)))
    #expect(try station.member("Ann").network == network)
  }

  @Test func `a muted member does not talk`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    station.send(.talking(true), on: ann)
    #expect(try station.member("Ann").isTalking)
    station.send(.mute(true), on: ann)
    #expect(try !station.member("Ann").isTalking && station.member("Ann").isMuted)
    station.send(.talking(true), on: ann)
    station.give(.talking(Station.hall, try station.id(ann), true))
    #expect(try !station.member("Ann").isTalking)
    station.send(.mute(false), on: ann)
    station.give(.talking(Station.hall, try station.id(ann), true))
    #expect(try station.member("Ann").isTalking)
  }

  @Test func `a member whose road has broken does not talk, whatever the mixer says`() throws {
    let station = Station()
    _ = station.host()
    let ann = station.enter("Ann")
    let (id, session) = (try station.id(ann), try station.welcome(ann).you.session)
    station.give(.talking(Station.hall, id, true))
    // The older road is still there.
    _ = station.enter { $0.session = session }
    #expect(try !station.member("Ann").isTalking)
    let other = station.enter { $0.session = session }
    station.lose(other)
    station.give(.talking(Station.hall, id, true))
    #expect(try !station.member("Ann").isTalking)
  }
}
