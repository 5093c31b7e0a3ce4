/// The code with which the server closes a connection (RFC 6455 §7.4; 4000 to 4999 are free for private use).
package enum RoomCloseCode: Int, CaseIterable, Sendable {
  /// The member has left.
  case left = 1000
  case restart = 1012
  case full = 1013
  case notAdmitted = 4001
  /// Banned, or removed by a host.
  case banned = 4003
  case roomClosed = 4004
  /// The member sends too much, or takes messages too slowly.
  case tooFast = 4008
  /// The same member came on another connection.
  case replaced = 4009

  /// One sentence for each code.
  package var meaning: String {
    switch self {
    case .left: "The member has left the room, or goes to another one."
    case .restart: "The server restarts. The page comes back at once, with its session."
    case .full: "The room or the server is full. The page tries again later."
    case .notAdmitted: "The page may not enter the room."
    case .banned: "A host has removed or banned the member."
    case .roomClosed: "A host has closed the room."
    case .tooFast: "The member sends too many messages, or takes messages too slowly."
    case .replaced: "The same member came on another connection."
    }
  }
}
