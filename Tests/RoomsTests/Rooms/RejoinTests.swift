import Core
import Testing

@testable import Rooms

@Suite struct RejoinTests {
  @Test func `a page comes back as the same member, with what it missed, in order and once`() throws {
    let station = Station()
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    let you = try station.welcome(ann).you
    station.chat("one", on: bob)
    let last = try #require(station.chats(ann).last).stamp.id
    station.lose(ann)
    for text in ["two", "three", "four"] { station.chat(text, on: bob) }
    station.wait(.milliseconds(29_999))
    let again = station.enter {
      $0.session = you.session
      $0.last = last
    }
    let welcome = try station.welcome(again)
    #expect(welcome.you.id == you.id && welcome.you.name == "Ann" && welcome.you.role == you.role)
    #expect(
      welcome.history.compactMap { if case .chat(let chat) = $0 { chat.text } else { nil } } == [
        "two", "three", "four",
      ])
    #expect(welcome.last == welcome.history.last?.stamp?.id)
    station.chat("five", on: bob)
    #expect(station.texts(again) == ["five"] && station.texts(ann) == ["one"])
    #expect(station.rooms.members(of: Station.hall).map(\.name) == ["Ann", "Bob"])
  }

  @Test func `the others do not notice`() throws {
    let station = Station()
    let (ann, bob) = (station.enter("Ann"), station.enter("Bob"))
    let session = try station.welcome(ann).you.session
    station.wait(.seconds(1))
    _ = station.read(bob)
    station.lose(ann)
    station.wait(.seconds(5))
    _ = station.enter { $0.session = session }
    station.wait(.seconds(60))
    #expect(station.inbox(bob).isEmpty)
  }

  @Test func `after half a minute the member is gone, and the session is worth nothing`() throws {
    let station = Station(open: nil)
    let host = station.host()
    let session = try station.welcome(host).you.session
    let bob = station.enter("Bob", .operator)
    let id = try station.id(host)
    station.lose(host)
    station.wait(.seconds(30))
    station.wait(.seconds(1))
    #expect(station.changes(bob).last?.left == [id])
    let late = station.enter { $0.session = session }
    #expect(station.errors(late) == [.notAdmitted])
  }

  @Test func `the older of two connections of a member is closed`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    let session = try station.welcome(ann).you.session
    let again = station.enter { $0.session = session }
    #expect(station.closed[ann] == .replaced)
    #expect(try station.id(again) == station.id(ann))
    // The end of the old connection is no end of the member.
    station.lose(ann)
    station.wait(.seconds(60))
    station.chat("here", on: again)
    #expect(station.texts(again) == ["here"])
  }

  @Test func `a host's decision holds for the session`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    let session = try station.welcome(ann).you.session
    station.act(.role(try station.id(ann), .host), on: host)
    station.act(.mute(try station.id(ann), true), on: host)
    station.lose(ann)
    let again = station.enter { $0.session = session }
    #expect(try station.welcome(again).you.role == .host)
    station.chat("hi", on: again)
    #expect(station.errors(again) == [.notAllowed])
  }

  @Test func `a removed member's session is worth nothing`() throws {
    let station = Station(open: nil)
    let host = station.host()
    let link = station.invite(.talker)
    let ann = station.enter("Ann") { $0.invite = link }
    let session = try station.welcome(ann).you.session
    station.act(.remove(try station.id(ann)), on: host)
    #expect(station.closed[ann] == .banned)
    #expect(station.inbox(ann).last == .removed(reason: "A host has removed you from the room."))
    #expect(station.errors(station.enter { $0.session = session }) == [.notAdmitted])
    // The link still admits.
    _ = try station.welcome(station.enter("Ann") { $0.invite = link })
  }

  @Test func `a session of another room or key is no session`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    let session = try station.welcome(ann).you.session
    let far = station.enter(to: RoomName("cellar")!) { $0.session = session }
    #expect(try station.welcome(far).you.name == "Guest 1")
    let forged = station.enter { $0.session = session + "x" }
    #expect(try station.welcome(forged).you.name == "Guest 1" && station.closed[ann] == nil)
  }

  // MARK: After a restart

  private static func restarted(_ first: Station, after span: Duration = .seconds(5), open: Role? = nil) -> Station {
    let start = WallTime(microseconds: first.now.wall.microseconds + span.microseconds)
    return Station(open: open, at: start, seed: 2)
  }

  @Test func `after a restart a page is the same member, in a closed station too`() throws {
    let first = Station(open: nil)
    let host = first.host("Ann")
    let you = try first.welcome(host).you
    let second = Self.restarted(first)
    second.wait(.seconds(30))
    let again = second.enter { $0.session = you.session }
    let new = try second.welcome(again).you
    #expect(new.id == you.id && new.name == "Ann" && new.role == .talker)
    second.chat("back", on: again)
    #expect(second.texts(again) == ["back"])
  }

  @Test func `after a restart a host shows the invite again, because a host may have taken the role back`() throws {
    let first = Station(open: nil)
    let session = try first.welcome(first.host("Ann")).you.session
    let second = Self.restarted(first)
    let invite = second.invite(.host)
    let again = second.enter {
      $0.session = session
      $0.invite = invite
    }
    #expect(try second.welcome(again).you.role == .host)
  }

  @Test func `half a minute after the restart old sessions end`() throws {
    let first = Station(open: nil)
    let session = try first.welcome(first.host("Ann")).you.session
    let second = Self.restarted(first)
    second.wait(.milliseconds(30_001))
    #expect(second.errors(second.enter { $0.session = session }) == [.notAdmitted])
  }

  @Test func `a session that ends with the restart's half minute begun does not come back`() throws {
    let first = Station(open: nil)
    let session = try first.welcome(first.host("Ann")).you.session
    let second = Self.restarted(first)
    let again = second.enter { $0.session = session }
    second.send(.leave, on: again)
    #expect(second.errors(second.enter { $0.session = session }) == [.notAdmitted])
  }

  @Test func `a session of yesterday is too old`() throws {
    let first = Station(open: nil)
    let session = try first.welcome(first.host("Ann")).you.session
    let second = Self.restarted(first, after: .seconds(25 * 3600))
    #expect(second.errors(second.enter { $0.session = session }) == [.notAdmitted])
  }

  @Test func `if another member has taken the name meanwhile, the old one gets a number`() throws {
    let first = Station(open: .talker)
    let you = try first.welcome(first.enter("Ann")).you
    let second = Self.restarted(first, open: .talker)
    _ = second.enter("ann")
    let again = second.enter { $0.session = you.session }
    #expect(try second.welcome(again).you.name == "Ann 2" && second.welcome(again).you.id == you.id)
  }

  @Test func `ids rise over a restart, though nothing was kept`() throws {
    let first = Station()
    let ann = first.enter("Ann")
    for number in 0..<20 { first.chat("\(number)", on: ann) }
    let second = Self.restarted(first, after: .milliseconds(50), open: .talker)
    let bob = second.enter("Bob")
    second.chat("new", on: bob)
    #expect(try #require(second.chats(bob).last).stamp.id > #require(first.chats(ann).last).stamp.id)
  }
}
