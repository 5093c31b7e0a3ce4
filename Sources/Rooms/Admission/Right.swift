/// The rights of a member, by role. docs/rooms.md has the same in a table.
enum Right: CaseIterable, Sendable {
  /// Write, delete own messages, vote, raise a hand, choose a name, and tell the own state.
  case takePart
  /// Speak: join the call, send its messages, and be on the air.
  case speak
  /// Act on the room and its members, make links, give events, and delete everybody's messages.
  case moderate

  /// The lowest role that has the right.
  var role: Role {
    switch self {
    case .takePart: .listener
    case .speak: .talker
    case .moderate: .host
    }
  }
}
