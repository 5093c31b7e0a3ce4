extension Room {
  /// A host or an operator gives an event to the room.
  /// - Returns: the id of the event's message.
  mutating func give(_ request: EventRequest, by actor: Actor) throws(RoomError) -> Int {
    guard actor.role >= Right.moderate.role else { throw RoomError(.notAllowed) }
    switch request {
    case .event(let type, let fields):
      let stamp = stamp()
      say(.event(RoomEvent(stamp: stamp, type: type, fields: fields)))
      log(actor, "gave the event \(stamp.id) of the type \(LogText.safe(type))")
      return stamp.id
    case .newPoll(let question, let choices):
      if polls.count == RoomsLimits.polls { closeOldestPoll() }
      let stamp = stamp()
      let state = PollState(stamp: stamp, poll: stamp.id, question: question, choices: choices)
      polls.append(Poll(state, told: now.monotonic))
      say(.poll(state))
      log(actor, "began the poll \(stamp.id)")
      return stamp.id
    case .closePoll(let id):
      guard let index = polls.firstIndex(where: { $0.state.poll == id }) else { throw RoomError(.noSuchPoll) }
      guard polls[index].state.isOpen else { throw RoomError(.closed, "The poll is closed.") }
      polls[index].close()
      let told = tellPoll(index)
      log(actor, "closed the poll \(id)")
      return told
    }
  }

  /// A member votes, or votes again.
  mutating func vote(_ index: Int, _ id: Int, _ choice: Int) throws(RoomError) {
    guard let poll = polls.firstIndex(where: { $0.state.poll == id }) else { throw RoomError(.noSuchPoll) }
    try polls[poll].vote(members[index].id, choice)
  }

  /// - Returns: the id of the message.
  @discardableResult
  mutating func tellPoll(_ index: Int) -> Int {
    let stamp = stamp()
    say(.poll(polls[index].tell(stamp, at: now.monotonic)))
    return stamp.id
  }

  /// Makes place for a poll. The audience is told if the oldest poll was open.
  private mutating func closeOldestPoll() {
    if polls[0].state.isOpen {
      polls[0].close()
      tellPoll(0)
    }
    polls.removeFirst()
  }
}
