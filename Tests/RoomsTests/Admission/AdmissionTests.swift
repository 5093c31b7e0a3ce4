import Testing

@testable import Rooms

@Suite struct AdmissionTests {
  private static let listener = Credentials(mayListen: true)
  private static let wrong = Credentials(hasWrongToken: true)

  @Test func `without an invite nobody gets into a closed station, but operators`() throws {
    let station = Station(open: nil)
    let guest = station.enter("Ann")
    #expect(station.errors(guest) == [.notAdmitted] && station.closed[guest] == .notAdmitted)
    let wrong = station.enter("Ann", Self.wrong)
    #expect(station.errors(wrong) == [.wrongToken] && station.closed[wrong] == .notAdmitted)
    let admitted = station.enter("Ann", .operator)
    #expect(try station.welcome(admitted).you.role == .operator)
    #expect(station.rooms.counts.rooms == 1)
  }

  @Test(arguments: [Role.listener, .talker]) func `an open station gives its role to everybody`(role: Role) throws {
    let station = Station(open: role)
    let ann = station.enter("Ann")
    #expect(try station.welcome(ann).you.role == role)
  }

  @Test(arguments: [Role.listener, .talker, .host]) func `an invite gives its role`(role: Role) throws {
    let station = Station(open: nil)
    let invite = station.invite(role)
    let ann = station.enter("Ann") { $0.invite = invite }
    #expect(try station.welcome(ann).you.role == role)
  }

  @Test func `an invite is for its room and its time, and of this server`() {
    let station = Station(open: .talker)
    let other = station.invite(.host, to: RoomName("cellar")!)
    let short = station.invite(.host, life: .seconds(5))
    station.wait(.seconds(5))
    for (invite, code) in [
      (other, ErrorCode.notAdmitted), (short, .expiredInvite), ("hall.host.9.1.xyz", .forgedInvite),
    ] {
      let page = station.enter("Ann") { $0.invite = invite }
      #expect(station.errors(page) == [code] && station.closed[page] == .notAdmitted)
    }
    #expect(station.rooms.counts.members == 0 && station.rooms.counts.connections == 0)
  }

  @Test func `an invite holds until its last second`() throws {
    let station = Station(open: nil)
    let invite = station.invite(.host, life: .seconds(5))
    station.wait(.milliseconds(4999))
    let page = station.enter("Ann") { $0.invite = invite }
    #expect(try station.welcome(page).you.role == .host)
  }

  @Test(arguments: [
    (nil, false, nil), (nil, true, Role.listener), (Role.talker, false, Role.talker), (.listener, true, .listener),
  ])
  func `listen tokens guard the room of a stream`(open: Role?, forListeners: Bool, role: Role?) throws {
    let station = Station(open: open) { $0.streams.named[Station.hall] = StreamRoom(admitsListeners: forListeners) }
    let without = station.enter("Ann")
    #expect(station.errors(without) == [.notAdmitted])
    let with = station.enter("Bob", Self.listener)
    if let role {
      #expect(try station.welcome(with).you.role == role)
      #expect(try station.welcome(with).room.stream == "hall")
    } else {
      #expect(station.errors(with) == [.notAdmitted])
    }
  }

  @Test func `the right to listen has no meaning for other rooms`() {
    let station = Station(open: nil) { $0.streams.named[RoomName("live")!] = StreamRoom(admitsListeners: true) }
    let page = station.enter("Ann", Self.listener)
    #expect(station.errors(page) == [.notAdmitted])
  }

  @Test func `the rights of the connection's own request count`() throws {
    let station = Station(open: nil)
    let page = station.connect(.operator)
    station.send(.hello(Hello()), on: page)
    #expect(try station.welcome(page).you.role == .operator)
  }

  @Test func `only hosts and operators enter a locked room`() throws {
    let station = Station()
    let host = station.host()
    station.act(.lock(true), on: host)
    let talker = station.enter("Ann")
    #expect(station.errors(talker) == [.locked] && station.closed[talker] == .notAdmitted)
    let invite = station.invite(.talker)
    let invited = station.enter("Ann") { $0.invite = invite }
    #expect(station.errors(invited) == [.locked])
    _ = try station.welcome(station.host("Second"))
    _ = try station.welcome(station.enter("Third", .operator))
    station.act(.lock(false), on: host)
    _ = try station.welcome(station.enter("Ann"))
  }

  @Test func `a room for invites only needs an invite, though the station is open`() throws {
    let station = Station()
    let host = station.host()
    station.act(.inviteOnly(true), on: host)
    let page = station.enter("Ann")
    #expect(station.errors(page) == [.notAdmitted])
    let invite = station.invite(.listener)
    let invited = station.enter("Ann") { $0.invite = invite }
    #expect(try station.welcome(invited).room.isInviteOnly)
  }
}
