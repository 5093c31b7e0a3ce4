import Core

extension Rooms {
  mutating func connect(_ id: ConnectionID, _ room: RoomName, _ visitor: Visitor, _ now: RoomsTime) {
    let isPlain = visitor.road == .plainWebSocket
    let end = now.monotonic + (isPlain ? RoomsLimits.plainTime : RoomsLimits.helloTime)
    connections[id] = Connection(
      room: room, visitor: visitor, member: nil, flood: FloodGate(rate: settings.limits.rate))
    if isPlain { plainWaiting.append(id, until: end) } else { otherWaiting.append(id, until: end) }
  }

  mutating func disconnect(_ id: ConnectionID, _ now: RoomsTime, _ actions: inout [RoomsAction]) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    dropRestored(connection.room)
    guard let member = connection.member else { return }
    update(connection.room, now, &actions) { room in
      if let index = room.index(of: member) { room.lose(index) }
    }
  }

  /// A message that could not be read.
  mutating func receive(_ id: ConnectionID, _ error: RoomError, _ now: RoomsTime, _ actions: inout [RoomsAction]) {
    guard connections[id] != nil, passes(id, isSignal: false, now, &actions) else { return }
    actions.append(.send(.error(error), to: [id]))
  }

  mutating func receive(
    _ id: ConnectionID, _ message: ClientMessage, _ credentials: Credentials, _ now: RoomsTime,
    _ actions: inout [RoomsAction]
  ) {
    let isSignal = if case .signal = message { true } else { false }
    guard connections[id] != nil, passes(id, isSignal: isSignal, now, &actions) else { return }
    do {
      switch message {
      case .hello(let hello): try enter(id, hello, credentials, now, &actions)
      case .leave: leave(id, now, &actions)
      case .ping(let delays) where connections[id]?.member == nil:
        actions.append(.send(.pong(rtt: delays.rtt), to: [id]))
      default:
        if connections[id]?.member == nil { try enterAsGuest(id, plain: message.isPlain, now, &actions) }
        try handle(id, message, now, &actions)
      }
    } catch {
      refuse(id, error, now, &actions)
    }
  }

  /// A message of a member.
  private mutating func handle(
    _ id: ConnectionID, _ message: ClientMessage, _ now: RoomsTime, _ actions: inout [RoomsAction]
  ) throws(RoomError) {
    guard let connection = connections[id], let member = connection.member,
      let index = rooms[connection.room]?.index(of: member)
    else { return }
    // A page that sends more than `client_message` gets everything from now on.
    if !message.isPlain { rooms[connection.room]!.members[index].isPlain = false }
    switch message {
    case .invite(let request):
      let actor = Actor(rooms[connection.room]!.members[index])
      let made = try invite(request, to: connection.room, by: actor, now, &actions)
      actions.append(.send(.invite(url: made.path(seal), expires: made.end), to: [id]))
    case .host(.move(let target, let other)):
      let actor = Actor(rooms[connection.room]!.members[index])
      try move(target, from: connection.room, to: other, by: actor, now, &actions)
    default:
      try perform(connection.room, now, &actions) { room throws(RoomError) in try room.handle(message, of: index) }
    }
  }

  /// Whether a message is within the limits of its sender.
  private mutating func passes(
    _ id: ConnectionID, isSignal: Bool, _ now: RoomsTime, _ actions: inout [RoomsAction]
  ) -> Bool {
    guard let connection = connections[id] else { return false }
    var verdict = FloodGate.Verdict.passes
    if let member = connection.member {
      guard let index = rooms[connection.room]?.index(of: member) else { return false }
      // The candidates of a call come in crowds.
      if isSignal, rooms[connection.room]!.members[index].signals.take(at: now.monotonic) { return true }
      verdict = rooms[connection.room]!.members[index].flood.message(at: now.monotonic)
    } else {
      verdict = connections[id]!.flood.message(at: now.monotonic)
    }
    switch verdict {
    case .passes: return true
    case .refused: actions.append(.send(.error(RoomError(.tooFast)), to: [id]))
    case .closes:
      actions.append(.send(.error(RoomError(.tooFast)), to: [id]))
      close(id, .tooFast, reason: "Too many messages came.", now, &actions)
    }
    return false
  }

  /// Refuses a message. A page that may not enter the room is sent away.
  private mutating func refuse(
    _ id: ConnectionID, _ error: RoomError, _ now: RoomsTime, _ actions: inout [RoomsAction]
  ) {
    actions.append(.send(.error(error), to: [id]))
    guard let connection = connections[id], connection.member == nil, let code = error.code.closeCode else { return }
    close(id, code, reason: error.text, now, &actions)
  }

  private mutating func close(
    _ id: ConnectionID, _ code: RoomCloseCode, reason: String, _ now: RoomsTime, _ actions: inout [RoomsAction]
  ) {
    actions.append(.close(id, code, reason: reason))
    disconnect(id, now, &actions)
  }

  /// A member leaves the room at once.
  private mutating func leave(_ id: ConnectionID, _ now: RoomsTime, _ actions: inout [RoomsAction]) {
    guard let connection = connections[id] else { return }
    guard let member = connection.member else {
      return close(id, .left, reason: "The page has left.", now, &actions)
    }
    update(connection.room, now, &actions) { room in
      if let index = room.index(of: member) { room.expel(index, .left, reason: "The member has left.") }
    }
  }

  /// The connections that have said nothing for too long: those without the subprotocol join as guests, the others go.
  mutating func loseSilent(_ now: RoomsTime, _ actions: inout [RoomsAction]) {
    func isWaiting(_ id: ConnectionID) -> Bool { connections[id].map { $0.member == nil } ?? false }
    while let (id, end) = plainWaiting.next(isWaiting: isWaiting), end <= now.monotonic {
      do { try enterAsGuest(id, plain: true, now, &actions) } catch { refuse(id, error, now, &actions) }
      // A refusal that leaves the connection open would be repeated for ever.
      if isWaiting(id) { close(id, .notAdmitted, reason: "The page has not said hello.", now, &actions) }
    }
    while let (id, end) = otherWaiting.next(isWaiting: isWaiting), end <= now.monotonic {
      refuse(id, RoomError(.notAdmitted, "The page has not said hello."), now, &actions)
    }
  }

  /// The messages from the disk are needed only while somebody may bring the room into being.
  private mutating func dropRestored(_ room: RoomName) {
    guard restored[room] != nil, !connections.values.contains(where: { $0.room == room }) else { return }
    restored[room] = nil
  }
}

extension ClientMessage {
  /// Whether the message is the one of the simplest page.
  var isPlain: Bool { if case .clientMessage = self { true } else { false } }
}
