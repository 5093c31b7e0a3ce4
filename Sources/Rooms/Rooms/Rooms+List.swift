import Core

extension Rooms {
  /// The rooms that a client sees in the list, by name: those that it may enter without an invite. An operator sees all.
  /// - Parameter mayListen: whether the client may listen to the stream that has the room's name.
  package func list(isOperator: Bool, mayListen: (RoomName) -> Bool, at now: RoomsTime) -> [RoomSummary] {
    rooms.values.filter { room in
      if isOperator { return true }
      guard !room.state.isInviteOnly else { return false }
      return admission(room.name, now).openRole(mayListen: mayListen(room.name)) != nil
    }
    .map { $0.summary(at: now) }
    .sorted { $0.name.text < $1.name.text }
  }

  /// The state of a member; nil for a member who is not in the room.
  package func member(_ id: MemberID, of room: RoomName) -> MemberState? { rooms[room]?.member(id)?.state }

  package func exists(_ room: RoomName) -> Bool { rooms[room] != nil }

  /// The state of a room; nil for a room that does not exist.
  package func state(of room: RoomName) -> RoomState? { rooms[room]?.state }

  /// The members of a room, in the order in which they came; empty for a room that does not exist.
  package func members(of room: RoomName) -> [MemberState] { rooms[room]?.members.map(\.state) ?? [] }

  /// The messages of a room that have an id after another, the oldest first.
  package func history(of room: RoomName, after id: Int) -> [ServerMessage] {
    rooms[room]?.history.messages(after: id) ?? []
  }

  /// The messages that a room would remember of those that the disk has kept, the oldest first.
  package static func remembered(_ restored: [ServerMessage], of name: RoomName, at now: RoomsTime) -> [ServerMessage] {
    Room(name, settings: RoomsSettings(), nextID: 0, restored: restored, anchor: nil, at: now).history.messages
  }

  /// The member who uses a connection.
  package func member(on connection: ConnectionID) -> MemberID? { connections[connection]?.member }

  /// The reason for which a client may not read the events of a room; nil for a client who may.
  /// - Parameter invite: the text of an invite.
  package func refusalOfAudience(
    _ room: RoomName, _ visitor: Visitor, invite: String?, at now: RoomsTime
  ) -> RoomError? {
    do throws(RoomError) {
      let invite = try invite.map { (text) throws(RoomError) -> Invite in try Invite(text, seal) }
      _ = try admission(room, now).role(
        credentials: visitor.credentials, invite: invite, session: nil, address: visitor.address)
      return nil
    } catch {
      return error
    }
  }

  /// All rooms, all members in them, and all connections.
  package var counts: (rooms: Int, members: Int, connections: Int) {
    (rooms.count, rooms.values.reduce(0) { $0 + $1.members.count }, connections.count)
  }
}

extension Room {
  func summary(at now: RoomsTime) -> RoomSummary {
    RoomSummary(
      name: name, members: members.count, isLocked: state.isLocked, isInviteOnly: state.isInviteOnly,
      hasCalls: state.hasCalls, messagesAMinute: chatCounter.count(at: now.monotonic))
  }
}
