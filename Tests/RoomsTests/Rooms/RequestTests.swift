import Core
import Testing

@testable import Rooms

@Suite struct RequestTests {
  private let score = RoomsRequest.event(.event(type: "score", JSONFields([("home", .number(2))])))

  @Test func `an operator's event reaches the audience of a room without members`() throws {
    let station = Station(open: nil)
    guard case .event(let id)? = station.request(score, .operator) else { return #expect(Bool(false)) }
    #expect(station.published.map { $0.stamp?.id } == [id] && station.log.count == 1)
    let admin = station.enter("Admin", .operator)
    #expect(try station.welcome(admin).history.count == 1)
    station.send(.leave, on: admin)
    station.wait(.seconds(30))
    #expect(station.ended == ["hall"])
    guard case .event(let next)? = station.request(score, .operator) else { return #expect(Bool(false)) }
    #expect(next > id)
  }

  @Test func `a host's invite and a host's session act, others do not`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    let (hostSession, annSession) = (try station.welcome(host).you.session, try station.welcome(ann).you.session)
    let (hostInvite, talkerInvite) = (station.invite(.host), station.invite(.talker))
    let lock = RoomsRequest.action(.lock(true))
    #expect(station.request(lock, .session(hostSession)) == .done)
    #expect(station.request(lock, .invite(hostInvite)) == .done)
    #expect(station.request(lock, .session(annSession)) == .refused(RoomError(.notAllowed)))
    #expect(station.request(lock, .invite(talkerInvite)) == .refused(RoomError(.notAllowed)))
    #expect(station.request(lock, .invite("hall.host.1.1.x")) == .refused(RoomError(.forgedInvite)))
    #expect(station.request(lock, .invite("x")) == .refused(RoomError(.wrongToken)))
    let other = RoomError(.notAdmitted, "The session is not one of a member of this room.")
    #expect(station.request(lock, .session("x")) == .refused(other))
    #expect(station.request(lock, .session(hostSession), RoomName("cellar")!) == .refused(other))
    let elsewhere = station.invite(.host, to: RoomName("cellar")!)
    #expect(
      station.request(lock, .invite(elsewhere)) == .refused(RoomError(.notAdmitted, "The invite is for another room.")))
  }

  @Test func `a host's invite names the room of the host, and another text names none`() throws {
    let station = Station()
    let host = station.invite(.host)
    #expect(try station.rooms.room(ofHost: host, at: station.now) == Station.hall)
    for (text, error) in [
      (station.invite(.talker), RoomError(.notAllowed)), (host + "x", RoomError(.forgedInvite)),
      ("token", RoomError(.wrongToken)), (station.invite(.host, life: .zero), RoomError(.expiredInvite)),
    ] {
      #expect(throws: error) { try station.rooms.room(ofHost: text, at: station.now) }
    }
  }

  @Test func `an action needs a room that exists`() {
    let station = Station()
    #expect(
      station.request(.action(.lock(true)), .operator) == .refused(RoomError(.closed, "The room does not exist.")))
    #expect(station.request(.action(.remove(MemberID(7)!)), .operator) != .done && !station.rooms.exists(Station.hall))
  }

  @Test func `an operator acts on members`() throws {
    let station = Station()
    let ann = station.enter("Ann")
    #expect(station.request(.action(.ban(try station.id(ann))), .operator) == .done)
    #expect(
      station.closed[ann] == .banned && station.log.last?.hasPrefix("room hall: an operator banned talker Ann") == true)
  }

  @Test func `an operator makes a link to a room that does not exist yet`() throws {
    let station = Station(open: nil)
    let answer = station.request(.invite(InviteRequest(role: .host, expires: 7200)), .operator)
    guard case .invite(let path, let expires)? = answer else { return #expect(Bool(false)) }
    #expect(expires.text == "2026-11-29T14:00:00.000Z")
    let invite = String(path.dropFirst("/rooms/hall?invite=".count))
    #expect(try station.welcome(station.enter("Ann") { $0.invite = invite }).you.role == .host)
  }

  @Test func `the rooms of events are limited too`() {
    let station = Station { $0.limits.rooms = 1 }
    _ = station.enter("Ann")
    #expect(station.request(score, .operator, RoomName("cellar")!) == .refused(RoomError(.tooManyRooms)))
  }
}
