extension Room {
  /// Adds a member. The room has a place and the name is free.
  mutating func join(_ member: Member) {
    members.append(member)
    // The mute of before a restart.
    if muted.contains(member.id) { members[members.count - 1].state.isMuted = true }
    changes.join(member.id)
    emptySince = nil
    listChanged = true
  }

  /// A member comes back on another connection. The older connection is closed.
  mutating func rejoin(_ index: Int, _ connection: ConnectionID, _ visitor: Visitor, sound: SoundForm?) {
    if let old = members[index].connection {
      actions.append(.close(old, .replaced, reason: "The same member came on another connection."))
    }
    members[index].connection = connection
    members[index].brokenSince = nil
    members[index].address = visitor.address
    members[index].isPlain = false
    members[index].voice.begin(visitor.road, sound)
    // The page of the new road may be another one: each page agrees for itself.
    members[index].air.hasAgreedToBeShown = false
    // The new road tells both again.
    change(index) {
      $0.isTalking = false
      $0.isTyping = false
    }
    updateAir()
  }

  /// Sends a member what has happened after a message, and the signals that waited.
  mutating func welcome(_ index: Int, after last: Int, session: String) {
    let member = members[index]
    let you = Welcome.You(
      id: member.id, name: member.state.name, role: member.state.role, session: session,
      sound: state.hasVoices ? member.voice.sentForm : nil)
    let welcome = Welcome(
      you: you, room: state, members: members.map(\.state),
      history: history.messages(after: last).map { own($0, of: member.id) },
      last: nextID - 1)
    send(.welcome(welcome), to: member.connection)
    for signal in member.waitingSignals { send(signal, to: member.connection) }
    members[index].waitingSignals = []
    if let asker = member.air.asker { send(.airRequest(by: asker.name), to: member.connection) }
  }

  /// The road of a member has broken. The member keeps the place for a time, but for a guest who has no session.
  mutating func lose(_ index: Int) {
    guard !members[index].isPlain else { return depart(members[index].id) }
    members[index].connection = nil
    members[index].brokenSince = now.monotonic
    members[index].air.hasAgreedToBeShown = false
    change(index) {
      $0.isTyping = false
      $0.isTalking = false
    }
    updateAir()
    boundAbsent(from: members[index].address)
  }

  /// Members who are gone from one address keep half of the places at most: a client that joins and goes, over and over,
  /// cannot fill the room. The member who has been gone for longest leaves the room.
  private mutating func boundAbsent(from address: String) {
    let absent = members.filter { $0.connection == nil && $0.address == address }
    guard absent.count > max(1, limits.members / 2) else { return }
    let longest = absent.min { $0.brokenSince ?? .zero < $1.brokenSince ?? .zero }
    if let longest { depart(longest.id) }
  }

  /// A member is no longer in the room.
  mutating func depart(_ id: MemberID) {
    guard let index = index(of: id) else { return }
    if members[index].air.isTaken { log(Actor(members[index]), "left the air") }
    members.remove(at: index)
    updateAir()
    changes.leave(id)
    if now.monotonic <= departedUntil { departed.insert(id) }
    muted.remove(id)
    for index in polls.indices { polls[index].forget(id) }
    if members.isEmpty { emptySince = now.monotonic }
    listChanged = true
  }

  /// A host or an operator sends a member away.
  mutating func expel(_ index: Int, _ code: RoomCloseCode, reason: String) {
    let member = members[index]
    if let connection = member.connection {
      if code != .left { send(.removed(reason: reason), to: connection) }
      actions.append(.close(connection, code, reason: reason))
    }
    depart(member.id)
  }

  // MARK: Names

  /// The keys of the names of all members, but for one.
  func takenNames(except id: MemberID? = nil) -> Set<String> {
    var keys: Set<String> = []
    for index in members.indices where members[index].id != id { keys.insert(members[index].nameKey) }
    return keys
  }

  /// - Throws: `nameTaken` with a free name.
  func requireFree(_ name: Nickname, except id: MemberID? = nil) throws(RoomError) {
    let taken = takenNames(except: id)
    guard taken.contains(name.key) else { return }
    let suggestion = name.suggestion { taken.contains($0.key) }
    throw RoomError(.nameTaken, "Another member has the name \(name.text).", suggestion: suggestion.text)
  }

  /// The name, or a free one that is like it.
  func free(_ name: Nickname) -> Nickname {
    let taken = takenNames()
    return taken.contains(name.key) ? name.suggestion { taken.contains($0.key) } : name
  }

  /// The name of a member who has given none.
  mutating func nextGuest() -> Nickname {
    let taken = takenNames()
    repeat { guests += 1 } while taken.contains(Nickname.guest(guests).key)
    return .guest(guests)
  }
}
