/// A member is on the air if three things are true: the room is the source of a stream, the member agrees, and a host gives
/// the place. The agreement of a host or an operator gives the place, too.
extension Room {
  /// The members on the air, in the order in which they came.
  var airMembers: [MemberID] { members.filter(\.state.isOnAir).map(\.id) }

  /// A member agrees to be on the air, or no longer does. Nobody agrees to a stream that is yet to come.
  mutating func agree(_ index: Int, _ isOn: Bool) throws(RoomError) {
    guard isOn else { return leaveAir(index) }
    try require(.speak, of: index)
    guard isSource else { throw RoomError(.noStream) }
    members[index].air.hasAgreed = true
    if let asker = members[index].air.asker {
      give(index)
      log(Actor(members[index]), "agreed to be on the air, as \(asker.description) has asked")
    } else if members[index].state.role >= Right.moderate.role, !members[index].air.isGiven {
      give(index)
      log(Actor(members[index]), "agreed to be on the air")
    }
    updateAir()
  }

  /// A member agrees to be shown while it is on the air, or no longer does.
  mutating func show(_ index: Int, _ isOn: Bool) throws(RoomError) {
    if isOn { try require(.speak, of: index) }
    guard members[index].air.hasAgreedToBeShown != isOn else { return }
    members[index].air.hasAgreedToBeShown = isOn
    log(Actor(members[index]), isOn ? "agreed to be shown" : "is shown no more")
    updateAir()
  }

  /// A host puts a member on the air, or takes the member off. A member who has not agreed is asked.
  mutating func air(_ index: Int, _ isOn: Bool, by actor: Actor) throws(RoomError) {
    let member = members[index]
    guard isOn else {
      guard member.air.isGiven || member.air.asker != nil else { return }
      (members[index].air.isGiven, members[index].air.asker) = (false, nil)
      members[index].air.hasAgreedToBeShown = false
      log(actor, "took \(member.description) off the air")
      return updateAir()
    }
    guard isSource else { throw RoomError(.noStream) }
    guard member.state.role >= Right.speak.role else {
      throw RoomError(.notAllowed, "A listener cannot be on the air.")
    }
    // An own action is an agreement.
    if actor.member == member.id { members[index].air.hasAgreed = true }
    if members[index].air.hasAgreed {
      guard !member.air.isTaken else { return }
      give(index)
      log(actor, "put \(member.description) on the air")
      updateAir()
    } else {
      members[index].air.asker = AirPlace.Asker(name: actor.name, description: actor.description)
      log(actor, "asked \(member.description) to be on the air")
      send(.airRequest(by: actor.name), to: member.connection)
    }
  }

  private mutating func give(_ index: Int) {
    members[index].air.isGiven = true
    members[index].air.asker = nil
  }

  /// A member is off the air at once, and has not agreed any more.
  mutating func leaveAir(_ index: Int) {
    if let asker = members[index].air.asker {
      log(Actor(members[index]), "refused to be on the air, as \(asker.description) has asked")
    }
    if members[index].air.isTaken { log(Actor(members[index]), "left the air") }
    members[index].air = AirPlace()
    updateAir()
  }

  /// Whether a stream takes the sound of the room.
  var isSource: Bool { !state.sourceOf.isEmpty }

  /// The streams of the station are others now. With the last stream that takes the sound of the room, all agreements to be on
  /// the air end: a later stream may be another programme. None stands when the first such stream comes.
  mutating func change(to streams: RoomStreams) {
    let wasSource = isSource
    changeRoom { [name] in
      $0.sourceOf = streams.sourceOf[name] ?? []
      $0.stream = streams.named[name] == nil ? nil : name.text
    }
    if wasSource != isSource { endAgreements() }
    updateAir()
  }

  private mutating func endAgreements() {
    for index in members.indices where members[index].air != AirPlace() {
      if members[index].air.isTaken {
        log(Actor(members[index]), "is off the air, because no stream takes the sound of the room any more")
      }
      members[index].air = AirPlace()
    }
  }

  /// The page of a connection begins to send pictures, or has stopped.
  mutating func noteSending(_ connection: ConnectionID, _ isOn: Bool) {
    guard let index = members.firstIndex(where: { $0.connection == connection }) else { return }
    members[index].voice.sendsPictures = isOn
    updateAir()
  }

  /// The member who is shown. The place goes to another member only where that member sends pictures, and the present one
  /// sends none.
  private var shownMember: MemberID? {
    let willing = members.filter { member in
      isSource && member.air.isTaken && member.air.hasAgreedToBeShown && member.connection != nil
        && member.voice.hasRoad
    }
    let present = willing.first(where: \.state.isShown)
    if let present, present.voice.sendsPictures { return present.id }
    return (willing.first(where: \.voice.sendsPictures) ?? present ?? willing.first)?.id
  }

  /// Tells all where the members on the air are others than before.
  mutating func updateAir() {
    let shown = shownMember
    for index in members.indices {
      let place = members[index].air
      change(index) { [isSource] in
        $0.hasAgreed = place.hasAgreed
        $0.isOnAir = isSource && place.isTaken
        $0.isShown = $0.id == shown
      }
    }
    let members = airMembers
    guard members != airTold else { return }
    airTold = members
    state.isOnAir = !members.isEmpty
    say(.air(AirState(stamp: stamp(), isOn: state.isOnAir, members: members)))
  }
}
