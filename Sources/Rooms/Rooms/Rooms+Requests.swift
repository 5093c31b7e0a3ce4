import Core

extension Rooms {
  mutating func answer(
    _ request: RoomsRequest, in name: RoomName, _ requester: Requester, _ now: RoomsTime,
    _ actions: inout [RoomsAction]
  ) -> RoomsRequest.Answer {
    do throws(RoomError) {
      let actor = try actor(requester, in: name, now)
      switch request {
      case .invite(let request):
        let made = try invite(request, to: name, by: actor, now, &actions)
        return .invite(path: made.path(seal), expires: made.end)
      case .event(let event):
        // An audience may listen to a room without members.
        try make(name, now)
        return .event(
          id: try perform(name, now, &actions) { room throws(RoomError) in try room.give(event, by: actor) })
      case .action(.move(let member, let other)):
        try move(member, from: name, to: other, by: actor, now, &actions)
        return .done
      case .action(let action):
        guard rooms[name] != nil else { throw RoomError(.closed, "The room does not exist.") }
        try perform(name, now, &actions) { room throws(RoomError) in try room.act(action, by: actor) }
        return .done
      }
    } catch {
      return .refused(error)
    }
  }

  /// Performs a change that may be refused.
  mutating func perform<Value>(
    _ name: RoomName, _ now: RoomsTime, _ actions: inout [RoomsAction],
    _ change: (inout Room) throws(RoomError) -> Value
  ) throws(RoomError) -> Value {
    rooms[name]!.now = now
    let result = Result { () throws(RoomError) in try change(&rooms[name]!) }
    collect(name, &actions)
    return try result.get()
  }

  /// The person behind a request.
  /// - Throws: `forgedInvite`, `expiredInvite`, `banned`, `notAdmitted` or `notAllowed`.
  private func actor(_ requester: Requester, in name: RoomName, _ now: RoomsTime) throws(RoomError) -> Actor {
    switch requester {
    case .operator: return .operator
    case .invite(let text):
      // A token has no fields.
      guard text.contains(".") else { throw RoomError(.wrongToken) }
      let invite = try Invite(text, seal)
      guard invite.role >= Right.moderate.role else { throw RoomError(.notAllowed) }
      let role = try admission(name, now).role(credentials: .none, invite: invite, session: nil, address: "")
      return Actor(
        role: role, member: nil, description: "\(role.text) by invite \(String(invite.id, radix: 16))", name: "A host")
    case .session(let text):
      guard let session = MemberSession(text, seal), session.room == name,
        let member = rooms[name]?.member(session.member)
      else { throw RoomError(.notAdmitted, "The session is not one of a member of this room.") }
      guard member.state.role >= Right.moderate.role else { throw RoomError(.notAllowed) }
      return Actor(member)
    }
  }

  /// Makes a link to a room.
  mutating func invite(
    _ request: InviteRequest, to name: RoomName, by actor: Actor, _ now: RoomsTime, _ actions: inout [RoomsAction]
  ) throws(RoomError) -> Invite {
    guard actor.role >= Right.moderate.role else { throw RoomError(.notAllowed) }
    let made = newInvite(to: name, role: request.role, life: .seconds(request.expires), now)
    let entry = "made the invite \(String(made.id, radix: 16)) for a \(request.role.text)"
    actions.append(.log(RoomLogEntry(room: name, by: actor.description, action: entry)))
    return made
  }

  /// Sends a member to another room, in the same role. Only operators have a right in both.
  mutating func move(
    _ id: MemberID, from name: RoomName, to other: RoomName, by actor: Actor, _ now: RoomsTime,
    _ actions: inout [RoomsAction]
  ) throws(RoomError) {
    guard actor.role == .operator else { throw RoomError(.notAllowed) }
    guard let room = rooms[name], let index = room.index(of: id) else { throw RoomError(.noSuchMember) }
    let member = room.members[index]
    // The invite is only for the way.
    let made = newInvite(to: other, role: member.state.role, life: .seconds(300), now)
    let path = made.path(seal)
    update(name, now, &actions) { room in
      room.log(actor, "moved \(member.description) to the room \(other)")
      room.send(.moved(to: other, url: path), to: member.connection)
      room.expel(index, .left, reason: "You were moved to another room.")
    }
  }

  private mutating func newInvite(to room: RoomName, role: Role, life: Duration, _ now: RoomsTime) -> Invite {
    let end = WallTime(microseconds: now.wall.microseconds + life.microseconds)
    return Invite(room: room, role: role, expires: end, id: random.next())
  }
}
