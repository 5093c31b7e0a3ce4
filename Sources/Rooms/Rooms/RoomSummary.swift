package import Core

/// A row of the list of rooms.
package struct RoomSummary: Equatable, Sendable {
  package let name: RoomName
  package let members: Int
  /// The readers of the room's events who are not members. The shell counts them.
  package var audience = 0
  package let isLocked: Bool
  package let isInviteOnly: Bool
  package let hasCalls: Bool
  /// Messages of the chat in the last minute, for operators.
  package let messagesAMinute: Int

  package init(
    name: RoomName, members: Int, isLocked: Bool, isInviteOnly: Bool, hasCalls: Bool, messagesAMinute: Int
  ) {
    self.name = name
    self.members = members
    self.isLocked = isLocked
    self.isInviteOnly = isInviteOnly
    self.hasCalls = hasCalls
    self.messagesAMinute = messagesAMinute
  }

  package var json: JSON {
    .object([
      ("name", .string(name.text)), ("members", .number(members)), ("audience", .number(audience)),
      ("locked", .bool(isLocked)), ("calls", .bool(hasCalls)),
    ])
  }
}
