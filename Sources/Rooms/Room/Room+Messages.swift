extension Room {
  /// A message of a member, but for those that concern more than the room: `hello`, `invite`, `leave`, and moving a member.
  mutating func handle(_ message: ClientMessage, of index: Int) throws(RoomError) {
    switch message {
    case .hello, .invite, .leave: break
    case .chat(let text, let nonce): try chat(index, text, nonce: nonce)
    case .clientMessage(let text): try chat(index, text, isPlain: true)
    case .delete(let message): try delete(message, by: index)
    case .typing(let isOn): change(index) { $0.isTyping = isOn }
    case .away(let isOn): change(index) { $0.isAway = isOn }
    case .mute(let isOn): try mute(index, isOn)
    case .talking(let isOn):
      try require(.speak, of: index)
      change(index) { $0.isTalking = isOn && !$0.isMuted }
    case .hand(let isUp): hand(index, isUp)
    case .name(let text): try rename(index, text)
    case .vote(let poll, let choice): try vote(index, poll, choice)
    case .agree(let isOn): try agree(index, isOn)
    case .show(let isOn): try show(index, isOn)
    case .signal(let signal, let member): try relay(signal, from: index, to: member)
    case .call(let wish): try call(index, wish)
    case .host(let action): try act(action, by: Actor(members[index]))
    case .event(let event): _ = try give(event, by: Actor(members[index]))
    case .programme(let isOn): members[index].voice.hearsProgramme = isOn
    case .sound(let form): members[index].voice.form = form
    case .ping(let delays):
      members[index].voice.delays.update(delays)
      if let rtt = delays.rtt { change(index) { $0.network = Network(rtt: rtt) } }
      send(.pong(rtt: delays.rtt), to: members[index].connection)
    }
  }

  private mutating func mute(_ index: Int, _ isOn: Bool) throws(RoomError) {
    // A member who would speak, and may not, speaks when the host ends the mute.
    members[index].hasMutedItself = isOn
    guard isOn || !muted.contains(members[index].id) else { throw RoomError(.notAllowed, "A host has muted you.") }
    change(index) {
      $0.isMuted = isOn
      if isOn { $0.isTalking = false }
    }
  }

  mutating func hand(_ index: Int, _ isUp: Bool) {
    guard members[index].state.hasHandUp != isUp else { return }
    change(index) { $0.hasHandUp = isUp }
    tell(.hand(from: members[index].id, up: isUp))
  }

  private mutating func rename(_ index: Int, _ text: String) throws(RoomError) {
    guard !muted.contains(members[index].id) else { throw RoomError(.notAllowed, "A host has muted you.") }
    guard let name = Nickname(text) else { throw RoomError(.badName) }
    try requireFree(name, except: members[index].id)
    members[index].nameKey = name.key
    change(index) { $0.name = name.text }
  }
}
