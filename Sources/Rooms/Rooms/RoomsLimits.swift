/// The limits of all rooms. Each has a positive value.
package struct RoomsLimits: Equatable, Sendable {
  /// `--max-rooms`.
  package var rooms = 64
  /// `--max-members`: in a room.
  package var members = 50
  /// `--room-rate`: messages a second from a member. As many may come at once.
  package var rate = 20
  /// `--room-message`: bytes of a message.
  package var messageBytes = 16 * 1024

  /// Members in the call of a room.
  package static let callMembers = 4
  /// Messages of chat that a room keeps, and as many other messages that have an id.
  package static let history = 200
  /// Bytes of chat that a room keeps, and as many of other messages.
  package static let historyBytes = 512 * 1024
  /// Polls of a room.
  package static let polls = 16
  /// Choices of a poll.
  package static let choices = 20
  /// Messages of a call that wait for a member whose road is broken.
  package static let waitingSignals = 64
  /// Bans of one kind that a room keeps.
  package static let bans = 1000

  /// A member whose road is broken keeps the place for this time. A room without members stays for this time.
  package static let grace = Duration.seconds(30)
  /// The shortest time between two messages of the same kind that tell changes: members, poll, list.
  package static let pace = Duration.milliseconds(500)
  /// The shortest time between two `voices` actions that tell delays only.
  static let delaysPace = Duration.seconds(1)
  /// The shortest time between two `echo` messages about the same member.
  static let echoPace = Duration.seconds(30)
  /// A connection that has the subprotocol must say hello within this time.
  package static let helloTime = Duration.seconds(10)
  /// A connection without the subprotocol that says nothing for this time joins as a guest.
  package static let plainTime = Duration.seconds(1)
  /// The longest life of a session that a restart has forgotten.
  package static let sessionLife = Duration.seconds(24 * 3600)
  /// The longest life of an invite.
  package static let inviteLife = Duration.seconds(366 * 24 * 3600)

  package init() {}
}
