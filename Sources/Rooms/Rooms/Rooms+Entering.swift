import Core

extension Rooms {
  /// A page says hello: it comes back with its session, or enters as a new member.
  mutating func enter(
    _ id: ConnectionID, _ hello: Hello, _ shown: Credentials, _ now: RoomsTime, _ actions: inout [RoomsAction]
  ) throws(RoomError) {
    leaveAsPlainGuest(id, now, &actions)
    guard let connection = connections[id] else { return }
    guard connection.member == nil else { throw RoomError(.notAllowed, "The page has said hello already.") }
    let credentials = connection.visitor.credentials.joined(with: shown)
    let session = hello.session.flatMap { MemberSession($0, seal) }.flatMap { $0.room == connection.room ? $0 : nil }
    if let session, let index = rooms[connection.room]?.index(of: session.member) {
      return rejoin(id, index, hello, credentials, now, &actions)
    }
    let nickname = try hello.name.map { (text) throws(RoomError) -> Nickname in
      guard let name = Nickname(text) else { throw RoomError(.badName) }
      return name
    }
    var newcomer = Newcomer(nickname: nickname, last: hello.last ?? 0)
    newcomer.voice.begin(connection.visitor.road, hello.sound)
    let invite = try hello.invite.map { (text) throws(RoomError) -> Invite in try Invite(text, seal) }
    if let session, isForgotten(session, at: now), !isBanned(session, connection, at: now) {
      newcomer.revive(session)
      let shown = try? admission(connection.room, now).role(
        credentials: credentials, invite: invite, session: session.member, address: connection.visitor.address)
      // The server has forgotten the decisions of hosts, too. So a host shows the right again.
      newcomer.role = max(min(session.role, .talker), shown ?? .listener)
    } else {
      newcomer.role = try admission(connection.room, now).role(
        credentials: credentials, invite: invite, session: session?.member, address: connection.visitor.address)
      (newcomer.invite, newcomer.inviteEnd) = (invite?.id, invite?.end)
      newcomer.isLimited = invite == nil && newcomer.role < .operator
    }
    try join(id, newcomer, now, &actions)
  }

  /// A page that has not said hello joins with its first message.
  /// - Parameter plain: whether the page seems to know only `client_message` and `server_message`.
  mutating func enterAsGuest(
    _ id: ConnectionID, plain: Bool, _ now: RoomsTime, _ actions: inout [RoomsAction]
  ) throws(RoomError) {
    guard let connection = connections[id] else { return }
    var newcomer = Newcomer(nickname: nil, last: 0)
    newcomer.role = try admission(connection.room, now).role(
      credentials: connection.visitor.credentials, invite: nil, session: nil, address: connection.visitor.address)
    newcomer.isLimited = newcomer.role < .operator
    newcomer.isPlain = plain && connection.visitor.road == .plainWebSocket
    try join(id, newcomer, now, &actions)
  }

  /// A person who enters a room.
  private struct Newcomer {
    /// Nil for a guest who gets a number.
    var nickname: Nickname?
    var last: Int
    var role = Role.listener
    var invite: UInt64?
    var inviteEnd: WallTime?
    /// Whether a room that the newcomer makes counts for the address: others come by the decision of somebody else.
    var isLimited = false
    var isPlain = false
    var voice = MemberVoice()
    /// The member whom the server has forgotten at its restart.
    var id: MemberID?

    init(nickname: Nickname?, last: Int) {
      self.nickname = nickname
      self.last = last
    }

    mutating func revive(_ session: MemberSession) {
      id = session.member
      nickname = Nickname(session.name) ?? nickname
      invite = session.invite
    }
  }

  private mutating func join(
    _ id: ConnectionID, _ newcomer: Newcomer, _ now: RoomsTime, _ actions: inout [RoomsAction]
  ) throws(RoomError) {
    guard let connection = connections[id] else { return }
    guard rooms[connection.room]?.members.count ?? 0 < settings.limits.members else { throw RoomError(.full) }
    if let nickname = newcomer.nickname, newcomer.id == nil { try rooms[connection.room]?.requireFree(nickname) }
    try make(connection.room, now, by: newcomer.isLimited ? connection.visitor.limitedAddress : nil)
    rooms[connection.room]!.now = now
    let name = name(of: newcomer, in: connection.room)
    let memberID = newcomer.id ?? newMemberID(connection.room)
    let rate = settings.limits.rate
    var member = Member(
      state: MemberState(id: memberID, name: name.text, role: newcomer.role, since: now.wall), nameKey: name.key,
      connection: id,
      address: connection.visitor.address, invite: newcomer.invite, isPlain: newcomer.isPlain, flood: connection.flood,
      signals: TokenBucket(rate: rate, burst: rate * 10))
    member.voice = newcomer.voice
    member.inviteEnd = newcomer.inviteEnd
    connections[id]!.member = memberID
    rooms[connection.room]!.join(member)
    if !newcomer.isPlain { welcome(memberID, in: connection.room, after: newcomer.last, now) }
    collect(connection.room, &actions)
  }

  private mutating func rejoin(
    _ id: ConnectionID, _ index: Int, _ hello: Hello, _ credentials: Credentials, _ now: RoomsTime,
    _ actions: inout [RoomsAction]
  ) {
    guard let connection = connections[id] else { return }
    let member = rooms[connection.room]!.members[index].id
    connections[id]!.member = member
    rooms[connection.room]!.now = now
    rooms[connection.room]!.rejoin(index, id, connection.visitor, sound: hello.sound)
    // The token may have been taken back since.
    let wasOperator = rooms[connection.room]!.members[index].state.role == .operator
    if credentials.isOperator || wasOperator {
      rooms[connection.room]!.change(index) { $0.role = credentials.isOperator ? .operator : .talker }
    }
    welcome(member, in: connection.room, after: hello.last ?? 0, now)
    collect(connection.room, &actions)
  }

  private mutating func welcome(_ id: MemberID, in name: RoomName, after last: Int, _ now: RoomsTime) {
    guard let index = rooms[name]?.index(of: id) else { return }
    let member = rooms[name]!.members[index]
    let session = MemberSession(
      room: name, member: id, name: member.state.name, role: member.state.role, invite: member.invite,
      issued: now.wall)
    rooms[name]!.welcome(index, after: last, session: session.text(seal))
  }

  /// The simplest page joins by itself after a second. If it says hello then, it is another member.
  private mutating func leaveAsPlainGuest(_ id: ConnectionID, _ now: RoomsTime, _ actions: inout [RoomsAction]) {
    guard let connection = connections[id], let member = connection.member,
      rooms[connection.room]?.member(member)?.isPlain == true
    else { return }
    update(connection.room, now, &actions) { $0.depart(member) }
    connections[id]!.member = nil
    // If the hello is refused, the page has a moment for another.
    plainWaiting.append(id, until: now.monotonic + RoomsLimits.plainTime)
  }

  // MARK: Rooms come into being

  /// Makes a room unless it exists.
  /// - Parameter address: of the person who makes the room; nil for a person without a limit.
  /// - Throws: `tooManyRooms`.
  mutating func make(_ name: RoomName, _ now: RoomsTime, by address: String? = nil) throws(RoomError) {
    guard rooms[name] == nil else { return }
    guard rooms.count < settings.limits.rooms else { throw RoomError(.tooManyRooms) }
    if let address, let most = settings.limits.roomsPerAddress,
      rooms.values.count(where: { $0.maker == address }) >= most
    {
      throw RoomError(.tooManyRooms, "Your address has made \(most) rooms, which is the limit.")
    }
    rooms[name] = Room(
      name, settings: settings, nextID: max(nextID, Self.firstID(now.wall)), restored: restored[name] ?? [],
      anchor: anchors[name], at: now)
    restored[name] = nil
    rooms[name]!.maker = address
    if let record = records[name] { rooms[name]!.restore(record) }
    rooms[name]!.departedUntil = started.monotonic + RoomsLimits.grace
  }

  /// The first id of a room that is made now: the milliseconds since 2020. A room gives fewer than 1000 ids a second over
  /// its life, so that ids rise over restarts, even if the disk has kept nothing.
  private static func firstID(_ now: WallTime) -> Int { max(1, now.microseconds / 1000 - 1_577_836_800_000) }

  // MARK: Admission

  func admission(_ name: RoomName, _ now: RoomsTime) -> Admission {
    Admission(settings: settings, name: name, room: rooms[name], endedInvites: endedInvites, now: now)
  }

  /// Whether the server may have forgotten a member at its restart: in the first half minute, a session that was issued
  /// before is the member's.
  private func isForgotten(_ session: MemberSession, at now: RoomsTime) -> Bool {
    let start = started.wall.microseconds / 1000
    return now.monotonic - started.monotonic <= RoomsLimits.grace && session.issued < start
      && start - session.issued <= RoomsLimits.sessionLife.milliseconds
      && rooms[session.room]?.departed.contains(session.member) != true
      && rooms[session.room]?.removed.contains(session.member) != true
  }

  private func isBanned(_ session: MemberSession, _ connection: Connection, at now: RoomsTime) -> Bool {
    endedInvites.holds(session.invite, at: now.wall)
      || rooms[session.room]?.bans.holds(member: session.member, address: connection.visitor.address) ?? false
  }

  private mutating func name(of newcomer: Newcomer, in room: RoomName) -> Nickname {
    guard let nickname = newcomer.nickname else { return rooms[room]!.nextGuest() }
    return rooms[room]!.free(nickname)
  }

  private mutating func newMemberID(_ room: RoomName) -> MemberID {
    while true {
      let id = MemberID(&random)
      if rooms[room]!.index(of: id) == nil { return id }
    }
  }
}
