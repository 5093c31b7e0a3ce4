/// Everything that the shell does for the rooms, in the order of the actions.
package enum RoomsAction: Equatable, Sendable {
  /// Send one message to some connections: the text is the same for all. An `error` to the connection of the input is the
  /// answer to the message of that input.
  case send(ServerMessage, to: [ConnectionID])
  /// Add the servers for calls to the answer, with credentials for this member, and send it as `ServerMessage.call`.
  case answerCall(ConnectionID, MemberID, CallAnswer)
  /// Close a connection after everything that was sent to it. The rooms ignore whatever comes from the connection later.
  case close(ConnectionID, RoomCloseCode, reason: String)
  /// Give a message to the audience of a room. The message has a stamp, whose id is the number of the event.
  case publish(ServerMessage, RoomName)
  /// Keep a message of a room on disk, where `--room-history` says so. A `deleted` ends the message that it names.
  case store(ServerMessage, RoomName)
  case answer(RequestID, RoomsRequest.Answer)
  case log(RoomLogEntry)
  /// The voices of a room have changed: all members who are talkers or are sent sound, in the order in which they came;
  /// empty when the room goes. Where only delays have changed, at most one a second.
  case voices(RoomName, [VoiceState])
  /// The list of rooms has changed: `Rooms.list` gives the new one. At most two a second.
  case listChanged
  /// A room has gone, with its members and its chat in memory.
  case ended(RoomName)
}
