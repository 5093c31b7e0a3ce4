import Core
import Testing

@testable import Rooms

/// The decisions of hosts that outlive a restart of the server.
@Suite struct RecordsTests {
  private static let bad = "198.51.100.1"
  private static let good = "203.0.113.9"

  /// A station that starts again with the records of another.
  private static func restarted(_ first: Station, open: Role? = .talker) throws -> Station {
    let start = WallTime(microseconds: first.now.wall.microseconds + 5_000_000)
    let second = Station(open: open, at: start, seed: 2)
    second.give(.records(try RoomRecords(text: Array(first.records.text.utf8))))
    return second
  }

  @Test func `a ban holds after a restart: for the session, the invite and the address`() throws {
    let first = Station()
    let host = first.host()
    let link = first.invite(.talker, life: .seconds(3600), id: 7)
    let page = first.enter("Bad", address: Self.bad) { $0.invite = link }
    let session = try first.welcome(page).you.session
    first.act(.ban(try first.id(page)), on: host)

    let second = try Self.restarted(first)
    let bySession = second.enter("Bad", address: Self.good) { $0.session = session }
    let byInvite = second.enter("Bad", address: Self.good) { $0.invite = link }
    let byAddress = second.enter("Bad", address: Self.bad)
    for page in [bySession, byInvite, byAddress] { #expect(second.errors(page) == [.banned]) }
    _ = try second.welcome(second.enter("Good", address: Self.good))
  }

  @Test func `an invite stays ended when the room has gone, over restarts, until it would expire`() throws {
    let first = Station()
    let host = first.host()
    let link = first.invite(.talker, life: .seconds(3600), id: 7)
    let page = first.enter("Bad", address: Self.bad) { $0.invite = link }
    first.act(.ban(try first.id(page)), on: host)
    first.act(.close, on: host)
    #expect(first.errors(first.enter { $0.invite = link }) == [.banned])
    #expect(first.records.rooms.isEmpty && first.records.invites.ends.count == 1)

    let second = try Self.restarted(first)
    #expect(second.errors(second.enter { $0.invite = link }) == [.banned])
    // The address is free again: that ban has gone with the room.
    _ = try second.welcome(second.enter("Bad", address: Self.bad))
    second.wait(.seconds(3600))
    #expect(second.errors(second.enter { $0.invite = link }) == [.expiredInvite])
    let host2 = second.host()
    let other = second.enter("Other") { $0.invite = second.invite(.talker, id: 8) }
    second.act(.ban(try second.id(other)), on: host2)
    #expect(second.records.invites.ends.keys.sorted() == [8])
  }

  @Test func `a room that is locked and by invite only is so after a restart, while members may come back`() throws {
    let first = Station()
    let host = first.host()
    let session = try first.welcome(first.enter("Ann")).you.session
    first.act(.lock(true), on: host)
    first.act(.inviteOnly(true), on: host)

    let second = try Self.restarted(first)
    #expect(second.rooms.state(of: Station.hall)?.isLocked == true)
    let invite = second.invite(.talker)
    #expect(second.errors(second.enter("New") { $0.invite = invite }) == [.locked])
    #expect(second.errors(second.enter("New")) == [.notAdmitted])
    #expect(try second.welcome(second.enter { $0.session = session }).you.name == "Ann")
    second.act(.lock(false), on: second.host())
    _ = try second.welcome(second.enter("New") { $0.invite = invite })
  }

  @Test func `a room into which nobody comes back goes, and its record with it`() throws {
    let first = Station()
    first.act(.lock(true), on: first.host())
    let second = try Self.restarted(first)
    second.wait(RoomsLimits.grace)
    #expect(second.ended == ["hall"] && second.records.isEmpty)
    _ = try second.welcome(second.enter("New"))
  }

  @Test func `a muted member is muted after a restart, until a host ends this`() throws {
    let first = Station()
    let (host, ann) = (first.host(), first.enter("Ann"))
    let session = try first.welcome(ann).you.session
    first.act(.mute(try first.id(ann), true), on: host)
    let second = try Self.restarted(first)
    let again = second.enter { $0.session = session }
    #expect(try second.member("Ann").isMuted)
    second.chat("x", on: again)
    #expect(second.errors(again) == [.notAllowed])
    second.act(.mute(try second.id(again), false), on: second.host())
    second.chat("y", on: again)
    #expect(second.texts(again) == ["y"] && second.records.isEmpty)
  }

  @Test func `a removed member's session is worth nothing after a restart`() throws {
    let first = Station(open: nil)
    let host = first.host()
    let link = first.invite(.talker)
    let ann = first.enter("Ann") { $0.invite = link }
    let session = try first.welcome(ann).you.session
    first.act(.remove(try first.id(ann)), on: host)
    let second = try Self.restarted(first, open: nil)
    #expect(second.errors(second.enter { $0.session = session }) == [.notAdmitted])
    _ = try second.welcome(second.enter { $0.invite = link })
  }

  @Test func `nothing is kept where nobody has decided anything`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    station.chat("hi", on: ann)
    station.act(.lock(true), on: host)
    #expect(station.records.rooms.map(\.room) == [Station.hall])
    station.act(.lock(false), on: host)
    #expect(station.records.isEmpty)
  }

  @Test(arguments: [
    "", "x", "{}", "[]", #"{"invites":[],"rooms":{}}"#, #"{"invites":[{"id":"zz","expires":1}],"rooms":[]}"#,
    #"{"invites":[{"id":"7","expires":"never"}],"rooms":[]}"#, #"{"invites":[],"rooms":[{"room":"Bad Name"}]}"#,
    #"{"invites":[],"rooms":[{"room":"hall","locked":1}]}"#,
    #"{"invites":[],"rooms":[{"room":"hall","locked":true,"invite_only":false,"banned":[0],"banned_addresses":[],"#
      + #""muted":[],"removed":[]}]}"#,
  ])
  func `a file that is broken is an error`(text: String) {
    #expect(throws: RoomError.self) { try RoomRecords(text: Array(text.utf8)) }
  }

  @Test func `records are read as they were written, the longest too, and bring no more rooms than there may be`()
    throws
  {
    var records = RoomRecords()
    for number in 1...70 {
      var record = RoomRecord(try #require(RoomName("room-\(number)")))
      record.isLocked = true
      records.rooms.append(record)
    }
    records.rooms[0].bans = Bans(
      members: (1...1001).compactMap { MemberID($0) }, addresses: (1...1001).map { "2001:db8:\($0)::/64" })
    let read = try RoomRecords(text: Array(records.text.utf8))
    #expect(read == records && read.rooms[0].bans.members.values.count == RoomsLimits.bans)
    let station = Station()
    station.give(.records(read))
    #expect(station.rooms.counts.rooms == 64)
    // The decisions for the others are kept until their rooms have a place.
    #expect(station.rooms.records.count == 70)
  }
}
