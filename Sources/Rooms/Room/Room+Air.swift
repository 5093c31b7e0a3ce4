/// A member is on the air if three things are true: the room is the source of a stream, the member agrees, and a host gives
/// the place. The agreement of a host or an operator gives the place, too.
extension Room {
  /// The members on the air, in the order in which they came.
  var airMembers: [MemberID] { members.filter(\.state.isOnAir).map(\.id) }

  /// A member agrees to be on the air, or no longer does.
  mutating func agree(_ index: Int, _ isOn: Bool) throws(RoomError) {
    guard isOn else { return leaveAir(index) }
    try require(.speak, of: index)
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

  /// A host puts a member on the air, or takes the member off. A member who has not agreed is asked.
  mutating func air(_ index: Int, _ isOn: Bool, by actor: Actor) throws(RoomError) {
    let member = members[index]
    guard isOn else {
      guard member.air.isGiven || member.air.asker != nil else { return }
      (members[index].air.isGiven, members[index].air.asker) = (false, nil)
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
  mutating func setSource(_ isOn: Bool) {
    isSource = isOn
    updateAir()
  }

  /// Tells all where the members on the air are others than before.
  mutating func updateAir() {
    for index in members.indices {
      let place = members[index].air
      change(index) { [isSource] in
        $0.hasAgreed = place.hasAgreed
        $0.isOnAir = isSource && place.isTaken
      }
    }
    let members = airMembers
    guard members != airTold else { return }
    airTold = members
    state.isOnAir = !members.isEmpty
    say(.air(AirState(stamp: stamp(), isOn: state.isOnAir, members: members)))
  }
}
