extension Room {
  /// The members in the call, in the order in which they entered the room.
  var callMembers: [MemberID] { members.filter { $0.state.call != nil }.map(\.id) }

  /// A member joins, changes or leaves the call.
  mutating func call(_ index: Int, _ wish: CallWish) throws(RoomError) {
    guard wish.isOn else {
      change(index) { $0.call = nil }
      return
    }
    guard state.hasCalls else { throw RoomError(.noCalls) }
    try require(.speak, of: index)
    let before = members[index].state.call
    guard before != nil || callMembers.count < RoomsLimits.callMembers else { throw RoomError(.callFull) }
    change(index) {
      $0.call = CallState(
        camera: wish.camera ?? before?.camera ?? false, microphone: wish.microphone ?? before?.microphone ?? false)
    }
    guard let connection = members[index].connection else { return }
    actions.append(.answerCall(connection, members[index].id, CallAnswer(members: callMembers)))
  }

  /// Relays a message of the set-up of a call to one member. It waits while the road of that member is broken.
  mutating func relay(_ signal: Signal, from index: Int, to id: MemberID) throws(RoomError) {
    try require(.speak, of: index)
    let receiver = try existing(id)
    // The simplest page would not understand it.
    guard !members[receiver].isPlain else { return }
    let message = ServerMessage.signal(signal, from: members[index].id)
    if let connection = members[receiver].connection {
      send(message, to: connection)
    } else {
      members[receiver].wait(message)
    }
  }
}
