extension Rooms {
  /// The room whose host shows an invite.
  /// - Parameter text: the text of the invite.
  /// - Throws: `wrongToken` for a text of another form, `forgedInvite`, `expiredInvite`, `banned`, and `notAllowed` for the
  ///   invite of another role.
  package func room(ofHost text: String, at now: RoomsTime) throws(RoomError) -> RoomName {
    try room(of: text, with: .moderate, at: now)
  }

  /// The room for which a text is the invite of a talker or a host.
  /// - Throws: as `room(ofHost:at:)`.
  package func room(ofTalker text: String, at now: RoomsTime) throws(RoomError) -> RoomName {
    try room(of: text, with: .speak, at: now)
  }

  private func room(of text: String, with right: Right, at now: RoomsTime) throws(RoomError) -> RoomName {
    // A token has no fields.
    guard text.contains(".") else { throw RoomError(.wrongToken) }
    let invite = try Invite(text, seal)
    guard invite.role >= right.role else { throw RoomError(.notAllowed) }
    _ = try admission(invite.room, now).role(credentials: .none, invite: invite, session: nil, address: "")
    return invite.room
  }
}
