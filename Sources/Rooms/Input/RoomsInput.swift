/// Everything that the shell tells the rooms.
package enum RoomsInput: Equatable, Sendable {
  /// A page has opened a road to a room. The room need not exist.
  case connected(ConnectionID, RoomName, Visitor)
  /// - Parameter credentials: what the token of a `hello` has shown; `none` for other messages.
  case message(ConnectionID, ClientMessage, Credentials = .none)
  /// A message that `ClientMessage` could not read.
  case unreadable(ConnectionID, RoomError)
  /// The road has broken or was closed, by either side. The shell tells this after `RoomsAction.close` too.
  case disconnected(ConnectionID)
  /// A request over HTTP to act on a room. Each gets one `RoomsAction.answer`, among the actions of this input.
  case request(RequestID, RoomName, Requester, RoomsRequest)
  /// The messages of a room on disk, the oldest first. The shell tells this before the connection or request that may
  /// bring the room into being; a room that exists keeps its own history.
  case restored(RoomName, [ServerMessage])
  /// The decisions of hosts that the disk has kept. The shell tells this once, before all other inputs but `restored`.
  case records(RoomRecords)
  /// A known moment of the stream that has the room's name: each second or so, and when the stream starts.
  case anchor(RoomName, StreamAnchor)
  /// The streams of the station are others now: these replace those of the settings, all at once. The shell tells the anchors
  /// of all streams after this.
  case streams(RoomStreams)
  /// Whether a member speaks, as the server hears it.
  case talking(RoomName, MemberID, Bool)
  /// The levels and delays of the talkers who are not muted. At most five a second.
  case heard(RoomName, [VoiceReport])
  /// The server hears that a member's microphone repeats the sound that the member hears.
  case echo(RoomName, MemberID)
  /// Whether the page of a connection sends pictures, be the member shown or not.
  case pictures(RoomName, ConnectionID, Bool)
  /// The moment that `nextWake` has named.
  case tick
}
