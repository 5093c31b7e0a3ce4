extension Room {
  /// An action of a host or an operator. `Rooms` performs `move`, which concerns another room.
  mutating func act(_ action: HostAction, by actor: Actor) throws(RoomError) {
    guard actor.role >= Right.moderate.role else { throw RoomError(.notAllowed) }
    switch action {
    case .lock(let isOn):
      changeRoom { $0.isLocked = isOn }
      log(actor, isOn ? "locked the room" : "unlocked the room")
    case .inviteOnly(let isOn):
      changeRoom { $0.isInviteOnly = isOn }
      log(actor, isOn ? "made the room for invites only" : "ended the need for an invite")
    case .close:
      log(actor, "closed the room")
      while !members.isEmpty { expel(0, .roomClosed, reason: "A host has closed the room.") }
      isClosed = true
    case .mute(let id, let isOn): try mute(target(id, of: actor), isOn, by: actor)
    case .lowerHand(let id):
      let index = try existing(id)
      hand(index, false)
      log(actor, "lowered the hand of \(members[index].description)")
    case .role(let id, let role): try setRole(target(id, of: actor), role, by: actor)
    case .remove(let id):
      let index = try target(id, of: actor)
      log(actor, "removed \(members[index].description)")
      removed.add(id)
      expel(index, .banned, reason: "A host has removed you from the room.")
    case .ban(let id): try ban(target(id, of: actor), by: actor)
    case .air(let id, let isOn): try air(target(id, of: actor), isOn, by: actor)
    case .gain(let id, let isOn):
      let index = try target(id, of: actor)
      members[index].voice.ridesGain = isOn
      log(actor, "switched gain riding \(isOn ? "on" : "off") for \(members[index].description)")
    case .move: break
    }
  }

  /// The index of a member on whom the actor may act: hosts cannot act on operators.
  /// - Throws: `noSuchMember` or `notAllowed`.
  func target(_ id: MemberID, of actor: Actor) throws(RoomError) -> Int {
    let index = try existing(id)
    guard members[index].state.role <= max(actor.role, .host) else {
      throw RoomError(.notAllowed, "A host cannot act on an operator.")
    }
    return index
  }

  /// Changes what all members see of the room.
  mutating func changeRoom(_ change: (inout RoomState) -> Void) {
    let before = state
    change(&state)
    guard state != before else { return }
    listChanged = true
    tell(.room(state))
  }

  private mutating func mute(_ index: Int, _ isOn: Bool, by actor: Actor) throws(RoomError) {
    let hasMutedItself = members[index].hasMutedItself
    guard isOn || !hasMutedItself || muted.contains(members[index].id) else {
      throw RoomError(.notAllowed, "Only the member can end the mute of the own microphone.")
    }
    if isOn { muted.add(members[index].id) } else { muted.remove(members[index].id) }
    change(index) {
      $0.isMuted = isOn || hasMutedItself
      if isOn {
        $0.isTalking = false
        $0.isTyping = false
      }
    }
    log(actor, "\(isOn ? "muted" : "unmuted") \(members[index].description)")
  }

  private mutating func setRole(_ index: Int, _ role: Role, by actor: Actor) throws(RoomError) {
    guard members[index].state.role != .operator else {
      throw RoomError(.notAllowed, "The role of an operator comes with the token.")
    }
    log(actor, "made \(members[index].description) a \(role.text)")
    if role < Right.speak.role { leaveAir(index) }
    change(index) {
      $0.role = role
      guard role < Right.speak.role else { return }
      $0.call = nil
      $0.isTalking = false
    }
  }

  private mutating func ban(_ index: Int, by actor: Actor) throws(RoomError) {
    guard members[index].state.role != .operator else { throw RoomError(.notAllowed, "Nobody can ban an operator.") }
    guard members[index].id != actor.member else { throw RoomError(.notAllowed, "You cannot ban yourself.") }
    let member = members[index]
    bans.add(member)
    if let invite = member.invite {
      endedInvites.append((invite, member.inviteEnd ?? Invite.latestEnd(of: now.wall)))
    }
    log(actor, "banned \(member.description)")
    expel(index, .banned, reason: "A host has banned you from the room.")
  }
}
