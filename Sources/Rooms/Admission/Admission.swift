/// The rules about who may enter a room, and with which role.
struct Admission {
  let settings: RoomsSettings
  let name: RoomName
  /// Nil for a room that does not exist yet.
  let room: Room?
  let endedInvites: EndedInvites
  let now: RoomsTime

  /// The role of a client who comes without a session.
  /// - Parameter invite: the invite, whose mark is right.
  func role(
    credentials: Credentials, invite: Invite?, session: MemberID?, address: String
  ) throws(RoomError) -> Role {
    if credentials.isOperator { return .operator }
    if room?.bans.holds(member: session, address: address) ?? false || endedInvites.holds(invite?.id, at: now.wall) {
      throw RoomError(.banned)
    }
    if let invite {
      guard invite.room == name else { throw RoomError(.notAdmitted, "The invite is for another room.") }
      guard now.wall < invite.end else { throw RoomError(.expiredInvite) }
      return try unlocked(invite.role)
    }
    guard !(room?.state.isInviteOnly ?? false) else { throw RoomError(.notAdmitted) }
    guard let role = openRole(mayListen: credentials.mayListen) else {
      throw RoomError(credentials.hasWrongToken ? .wrongToken : .notAdmitted)
    }
    return try unlocked(role)
  }

  /// The role of a client who shows neither an invite nor an operator's token; nil where such a client may not enter.
  func openRole(mayListen: Bool) -> Role? {
    guard let stream = settings.streams.named[name] else {
      return settings.streams.guarded.contains(name) && !mayListen ? nil : settings.openRole
    }
    guard mayListen else { return nil }
    return settings.openRole ?? (stream.admitsListeners ? .listener : nil)
  }

  private func unlocked(_ role: Role) throws(RoomError) -> Role {
    guard let room, room.state.isLocked, role < .host else { return role }
    throw RoomError(.locked)
  }
}
