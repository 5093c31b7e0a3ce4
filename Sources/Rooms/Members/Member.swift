import Core

/// One person in a room, over any road.
struct Member: Equatable, Sendable {
  /// The part of the member that all members see.
  var state: MemberState
  /// The key of the nickname, by which names are compared.
  var nameKey: String
  /// Nil while the road is broken.
  var connection: ConnectionID?
  /// The time when the road broke; nil while there is a connection.
  var brokenSince: Duration?
  /// The address from which the member came last.
  var address: String
  /// The id of the invite by which the member came.
  let invite: UInt64?
  /// The time at which that invite expires; nil where the member's session does not tell.
  var inviteEnd: WallTime?
  /// Whether the page knows only `client_message` and `server_message`.
  var isPlain: Bool
  /// Whether the member has muted itself. Nobody else may end that: a microphone would be on without its owner's will.
  var hasMutedItself = false
  var air = AirPlace()
  var voice = MemberVoice()
  var flood: FloodGate
  var signals: TokenBucket
  /// Messages of a call that came while the road was broken, the oldest first.
  var waitingSignals: [ServerMessage] = []

  var id: MemberID { state.id }

  /// The words of the log for this member.
  var description: String { "\(state.role.text) \(state.name) (member \(id.number))" }

  /// Keeps a signal until the member comes back.
  mutating func wait(_ signal: ServerMessage) {
    if waitingSignals.count == RoomsLimits.waitingSignals { waitingSignals.removeFirst() }
    waitingSignals.append(signal)
  }
}
