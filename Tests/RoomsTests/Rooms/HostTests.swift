import Core
import Testing

@testable import Rooms

@Suite struct HostTests {
  @Test func `only hosts and operators act on a room`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    let id = try station.id(host)
    let actions: [HostAction] = [
      .mute(id, true), .remove(id), .ban(id), .lock(true), .inviteOnly(true), .close, .role(id, .listener),
      .lowerHand(id), .air(id, true), .gain(id, false),
      .move(id, to: RoomName("cellar")!),
    ]
    #expect(Set(actions.map(\.word)) == Set(HostAction.words))
    for action in actions { station.act(action, on: ann) }
    station.send(.invite(InviteRequest(role: .host, expires: 60)), on: ann)
    #expect(station.errors(ann) == [ErrorCode](repeating: .notAllowed, count: actions.count + 1))
    #expect(station.closed.isEmpty && station.log.isEmpty)
  }

  @Test func `a member who is muted by a host neither writes nor ends this`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    let id = try station.id(ann)
    station.act(.mute(id, true), on: host)
    #expect(try station.member("Ann").isMuted)
    station.chat("x", on: ann)
    station.send(.clientMessage("x"), on: ann)
    station.send(.mute(false), on: ann)
    #expect(station.errors(ann) == [.notAllowed, .notAllowed, .notAllowed] && station.texts(host).isEmpty)
    station.act(.mute(id, false), on: host)
    station.chat("thanks", on: ann)
    #expect(station.texts(host) == ["thanks"])
    #expect(try !station.member("Ann").isMuted)
  }

  @Test func `a host does not end the mute of a member who has muted itself`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    let id = try station.id(ann)
    station.send(.mute(true), on: ann)
    station.act(.mute(id, false), on: host)
    #expect(try station.errors(host) == [.notAllowed] && station.member("Ann").isMuted)
    // The host's own mute comes and goes above that of the member.
    station.act(.mute(id, true), on: host)
    station.act(.mute(id, false), on: host)
    #expect(try station.member("Ann").isMuted)
    // The wish to speak holds, though the host's mute comes first.
    station.act(.mute(id, true), on: host)
    station.send(.mute(false), on: ann)
    #expect(try station.errors(ann) == [.notAllowed] && station.member("Ann").isMuted)
    station.act(.mute(id, false), on: host)
    #expect(try !station.member("Ann").isMuted)
  }

  @Test func `a host makes a host and ends it`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    station.act(.role(try station.id(ann), .host), on: host)
    station.act(.role(try station.id(host), .listener), on: ann)
    station.act(.lock(true), on: host)
    #expect(station.errors(host) == [.notAllowed])
    #expect(try station.member("Host").role == .listener && station.member("Ann").role == .host)
  }

  @Test func `a host cannot act on an operator`() throws {
    let station = Station()
    let (host, admin) = (station.host(), station.enter("Admin", .operator))
    let id = try station.id(admin)
    for action in [HostAction.mute(id, true), .remove(id), .role(id, .host)] { station.act(action, on: host) }
    #expect(station.errors(host) == [.notAllowed, .notAllowed, .notAllowed] && station.closed.isEmpty)
    #expect(try station.member("Admin").role == .operator)
  }

  @Test func `a host lowers a hand`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    let id = try station.id(ann)
    station.send(.hand(up: true), on: ann)
    station.act(.lowerHand(id), on: host)
    #expect(station.inbox(ann).filter { $0.type == "hand" } == [.hand(from: id, up: true), .hand(from: id, up: false)])
    station.act(.lowerHand(MemberID(1)!), on: host)
    #expect(station.errors(host) == [.noSuchMember])
  }

  @Test func `members see that the room is locked, and for invites only`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    station.act(.lock(true), on: host)
    station.act(.lock(true), on: host)
    station.act(.inviteOnly(true), on: host)
    let states = station.inbox(ann).compactMap { if case .room(let state) = $0 { state } else { nil } }
    #expect(states.map(\.isLocked) == [true, true] && states.map(\.isInviteOnly) == [false, true])
  }

  @Test func `a closed room sends all away and is gone`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    let session = try station.welcome(ann).you.session
    station.chat("secret", on: ann)
    station.act(.close, on: host)
    #expect(station.closed == [host: .roomClosed, ann: .roomClosed] && station.ended == ["hall"])
    #expect(station.inbox(ann).last == .removed(reason: "A host has closed the room."))
    let again = station.enter { $0.session = session }
    #expect(try station.welcome(again).history.isEmpty)
  }

  @Test func `an operator moves a member to another room`() throws {
    let station = Station(open: nil)
    let admin = station.enter("Admin", .operator)
    let link = station.invite(.talker)
    let ann = station.enter("Ann") { $0.invite = link }
    let host = station.host()
    let cellar = RoomName("cellar")!
    station.act(.move(try station.id(ann), to: cellar), on: host)
    #expect(station.errors(host) == [.notAllowed])
    station.act(.move(try station.id(ann), to: cellar), on: admin)
    #expect(station.closed[ann] == .left)
    guard case .moved(cellar, let url)? = station.inbox(ann).last else { return #expect(Bool(false)) }
    #expect(url.hasPrefix("/rooms/cellar?invite=cellar.talker."))
    let invite = String(url.dropFirst("/rooms/cellar?invite=".count))
    let moved = station.enter("Ann", to: cellar) { $0.invite = invite }
    #expect(try station.welcome(moved).you.role == .talker)
  }

  @Test func `a host makes a link that admits`() throws {
    let station = Station(open: nil)
    let host = station.host()
    station.send(.invite(InviteRequest(role: .listener, expires: 60)), on: host)
    guard case .invite(let url, let expires)? = station.inbox(host).last else { return #expect(Bool(false)) }
    #expect(expires.text == "2026-11-29T12:01:00.000Z")
    let invite = String(url.dropFirst("/rooms/hall?invite=".count))
    #expect(try station.welcome(station.enter("Ann") { $0.invite = invite }).you.role == .listener)
    #expect(station.log.count == 1 && !station.log[0].contains(invite))
  }

  @Test func `each action is in the log with the person who did it`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    let (hostID, annID) = (try station.id(host).number, try station.id(ann))
    station.act(.mute(annID, true), on: host)
    station.act(.mute(annID, false), on: host)
    station.act(.role(annID, .host), on: host)
    station.act(.lowerHand(annID), on: host)
    station.act(.remove(annID), on: host)
    station.act(.lock(true), on: host)
    station.act(.lock(false), on: host)
    station.act(.inviteOnly(true), on: host)
    station.act(.close, on: host)
    let by = "room hall: host Host (member \(hostID)) "
    let (talker, made) = ("talker Ann (member \(annID.number))", "host Ann (member \(annID.number))")
    #expect(
      station.log == [
        by + "muted " + talker, by + "unmuted " + talker, by + "made \(talker) a host",
        by + "lowered the hand of " + made,
        by + "removed " + made, by + "locked the room", by + "unlocked the room",
        by + "made the room for invites only", by + "closed the room",
      ])
  }
}
