/// One line of the log: an action of a host or an operator, or a member's step on the air or off it.
package struct RoomLogEntry: Equatable, Sendable {
  package let room: RoomName
  /// The person who has acted, such as `host Ann (member 7)` or `an operator`.
  package let by: String
  /// The action and its object, such as `removed talker Bob (member 8)`.
  package let action: String

  package init(room: RoomName, by: String, action: String) {
    self.room = room
    self.by = by
    self.action = action
  }

  package var text: String { "room \(room): \(by) \(action)" }
}
