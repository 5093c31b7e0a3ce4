import Testing

@testable import Rooms

@Suite struct BansTests {
  @Test func `a ban ends the session, the invite and the address`() throws {
    let station = Station()
    let host = station.host()
    let link = station.invite(.talker, id: 7)
    let bad = station.enter("Bad", address: "198.51.100.1") { $0.invite = link }
    let session = try station.welcome(bad).you.session
    station.act(.ban(try station.id(bad)), on: host)
    #expect(station.inbox(bad).last == .removed(reason: "A host has banned you from the room."))
    #expect(station.closed[bad] == .banned)

    let bySession = station.enter("Bad", address: "203.0.113.9") { $0.session = session }
    let byInvite = station.enter("Bad", address: "203.0.113.9") { $0.invite = link }
    let byAddress = station.enter("Bad", address: "198.51.100.1")
    for page in [bySession, byInvite, byAddress] {
      #expect(station.errors(page) == [.banned] && station.closed[page] == .banned)
    }
    _ = try station.welcome(station.enter("Good", address: "203.0.113.9"))
    #expect(station.log.contains { $0.contains("host Host (member") && $0.contains("banned talker Bad (member") })
  }

  @Test func `nobody hears a banned member`() throws {
    let station = Station()
    let (host, bad) = (station.host(), station.enter("Bad"))
    station.act(.ban(try station.id(bad)), on: host)
    station.chat("still here", on: bad)
    station.send(.clientMessage("still here"), on: bad)
    #expect(station.texts(host) == [] && station.published.isEmpty)
  }

  @Test func `a ban holds in its room only, and until the room goes`() throws {
    let station = Station()
    let (host, bad) = (station.host(), station.enter("Bad", address: "198.51.100.1"))
    station.act(.ban(try station.id(bad)), on: host)
    _ = try station.welcome(station.enter("Bad", to: RoomName("cellar")!, address: "198.51.100.1"))
    station.send(.leave, on: host)
    station.wait(RoomsLimits.grace)
    #expect(station.ended == ["hall"])
    _ = try station.welcome(station.enter("Bad", address: "198.51.100.1"))
  }

  @Test func `nobody can ban an operator, not by address either`() throws {
    let station = Station()
    let host = station.host()
    let admin = station.enter("Admin", .operator)
    station.act(.ban(try station.id(admin)), on: host)
    #expect(station.errors(host) == [.notAllowed] && station.closed[admin] == nil)
    let second = station.enter("Second", .operator)
    station.act(.ban(try station.id(second)), on: admin)
    #expect(station.errors(admin) == [.notAllowed])
    // All have the same address.
    let bad = station.enter("Bad")
    station.act(.ban(try station.id(bad)), on: host)
    _ = try station.welcome(station.enter("Third", .operator))
    #expect(station.errors(station.enter("Fourth")) == [.banned])
  }

  @Test func `a host cannot ban the own person`() throws {
    let station = Station()
    let host = station.host()
    station.act(.ban(try station.id(host)), on: host)
    #expect(station.errors(host) == [.notAllowed] && station.closed[host] == nil)
  }

  @Test func `the invite of a banned host no longer acts on the room`() throws {
    let station = Station()
    let host = station.host()
    let link = station.invite(.host, id: 9)
    let bad = station.enter("Bad", address: "198.51.100.1") { $0.invite = link }
    station.act(.ban(try station.id(bad)), on: host)
    #expect(station.request(.action(.lock(true)), .invite(link)) == .refused(RoomError(.banned)))
  }
}
