import Core

/// The rooms of a station, as a state machine: it is told each input with the time, and returns the actions that follow.
///
/// The machine has no socket, clock, disk or randomness of its own. Each input costs work that is bounded by the limits,
/// whatever the other inputs are.
package struct Rooms: Sendable {
  package internal(set) var settings: RoomsSettings
  let seal: any Seal
  let started: RoomsTime
  var random: RandomNumbers
  var rooms: [RoomName: Room] = [:]
  /// The time of the next thing that happens by itself in a room, for the rooms that have such a time.
  var wakes: [RoomName: Duration] = [:]
  var connections: [ConnectionID: Connection] = [:]
  /// Of connections without the subprotocol, and of all others.
  var plainWaiting = WaitingConnections()
  var otherWaiting = WaitingConnections()
  /// The messages that the disk has kept of rooms that do not exist yet.
  var restored: [RoomName: [ServerMessage]] = [:]
  /// The invites that bans have ended. They outlive their rooms.
  var endedInvites = EndedInvites()
  /// The decisions of the hosts of the rooms, as the shell keeps them.
  var records: [RoomName: RoomRecord] = [:]
  var recordsHaveChanged = false
  var anchors: [RoomName: StreamAnchor] = [:]
  /// Higher than the ids of all rooms that have ended.
  var nextID = 0
  var listHasChanged = false
  /// The time of the last `listChanged`.
  var listTold: Duration?
  /// The next time at which something happens by itself.
  package private(set) var nextWake: Duration?

  /// - Parameter seed: a random number. Different runs need different seeds.
  package init(_ settings: RoomsSettings, seal: any Seal, seed: UInt64, at now: RoomsTime) {
    self.settings = settings
    self.seal = seal
    started = now
    random = RandomNumbers(seed: seed)
  }

  package mutating func handle(_ input: RoomsInput, at now: RoomsTime) -> [RoomsAction] {
    var actions: [RoomsAction] = []
    switch input {
    case .connected(let id, let room, let visitor): connect(id, room, visitor, now)
    case .message(let id, let message, let credentials): receive(id, message, credentials, now, &actions)
    case .unreadable(let id, let error): receive(id, error, now, &actions)
    case .disconnected(let id): disconnect(id, now, &actions)
    case .request(let id, let room, let requester, let request):
      actions.append(.answer(id, answer(request, in: room, requester, now, &actions)))
    case .restored(let room, let messages): if rooms[room] == nil { restored[room] = messages }
    case .records(let records): restore(records, now, &actions)
    case .anchor(let room, let anchor):
      anchors[room] = anchor
      rooms[room]?.anchor = anchor
    case .streams(let streams): change(to: streams, now, &actions)
    case .talking(let room, let member, let isOn):
      update(room, now, &actions) { room in
        guard let index = room.index(of: member) else { return }
        // The mixer tells of a moment ago: the road may have broken since, or the role may have changed.
        let mayTalk = room.members[index].connection != nil && room.members[index].state.role >= Right.speak.role
        room.change(index) { $0.isTalking = isOn && mayTalk && !$0.isMuted }
      }
    case .heard(let room, let reports): update(room, now, &actions) { $0.tellVoices(reports) }
    case .echo(let room, let member): update(room, now, &actions) { $0.tellEcho(of: member) }
    case .pictures(let room, let connection, let isOn):
      update(room, now, &actions) { $0.noteSending(connection, isOn) }
    case .tick: break
    }
    settle(now, &actions)
    return actions
  }

  /// Performs a change of a room, and takes its actions.
  mutating func update(
    _ name: RoomName, _ now: RoomsTime, _ actions: inout [RoomsAction], _ change: (inout Room) -> Void
  ) {
    guard rooms[name] != nil else { return }
    rooms[name]!.now = now
    change(&rooms[name]!)
    collect(name, &actions)
  }

  /// Takes the actions of a room. A room that is over ends.
  mutating func collect(_ name: RoomName, _ actions: inout [RoomsAction]) {
    guard rooms[name] != nil else { return }
    rooms[name]!.updateVoices()
    for action in rooms[name]!.takeActions() {
      if case .close(let connection, _, _) = action { connections[connection] = nil }
      actions.append(action)
    }
    if rooms[name]!.listChanged {
      rooms[name]!.listChanged = false
      listHasChanged = true
    }
    takeRecord(of: name, rooms[name]!.now)
    wakes[name] = rooms[name]!.wake
    guard rooms[name]!.isOver else { return }
    nextID = max(nextID, rooms[name]!.nextID)
    rooms[name] = nil
    wakes[name] = nil
    listHasChanged = true
    actions.append(.ended(name))
  }

  /// Does everything that is due, and finds the time of the next thing.
  private mutating func settle(_ now: RoomsTime, _ actions: inout [RoomsAction]) {
    loseSilent(now, &actions)
    let due = wakes.filter { $0.value <= now.monotonic }
    for name in due.keys.sorted(by: { $0.text < $1.text }) { update(name, now, &actions) { $0.settle() } }
    keepRecords(&actions)
    if listHasChanged, listTold.map({ now.monotonic >= $0 + RoomsLimits.pace }) ?? true {
      listHasChanged = false
      listTold = now.monotonic
      actions.append(.listChanged)
    }
    var times = [wakes.values.min()]
    if listHasChanged { times.append(listTold.map { $0 + RoomsLimits.pace }) }
    times.append(plainWaiting.next { connections[$0]?.member == nil && connections[$0] != nil }?.end)
    times.append(otherWaiting.next { connections[$0]?.member == nil && connections[$0] != nil }?.end)
    nextWake = times.compactMap(\.self).min()
  }
}
