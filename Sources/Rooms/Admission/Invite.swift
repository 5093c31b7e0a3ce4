package import Core

/// A link's right to enter a room with a role. The text is `ROOM.ROLE.EXPIRES.ID.MARK`, which a URL carries as it is; any
/// server that has the key can check it.
package struct Invite: Equatable, Sendable {
  package let room: RoomName
  /// Listener, talker or host. An operator comes by a token only.
  package let role: Role
  /// The first second in which the invite has no effect, since 1970.
  package let expires: Int
  /// A random number, by which a ban ends the invite.
  package let id: UInt64

  /// - Parameter expires: rounded down to a second.
  package init(room: RoomName, role: Role, expires: WallTime, id: UInt64) {
    self.room = room
    self.role = min(role, .host)
    self.expires = expires.microseconds / 1_000_000
    self.id = id
  }

  package var end: WallTime { WallTime(microseconds: expires * 1_000_000) }

  /// The latest end of the invites that were made before a time, in whole seconds.
  static func latestEnd(of now: WallTime) -> WallTime {
    let life = Int(RoomsLimits.inviteLife.components.seconds)
    return WallTime(microseconds: (now.microseconds / 1_000_000 + life) * 1_000_000)
  }

  package func text(_ seal: some Seal) -> String {
    let fields = "\(room).\(role.text).\(expires).\(String(id, radix: 16))"
    return "\(fields).\(seal.mark(fields, purpose: "invite"))"
  }

  /// The path of the room's page with the invite.
  package func path(_ seal: some Seal) -> String { "/rooms/\(room)?invite=\(text(seal))" }

  /// - Throws: `forgedInvite` for a text that this key has not made. The end is not checked.
  package init(_ text: String, _ seal: some Seal) throws(RoomError) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= 400, parts.count == 5, seal.holds(text, purpose: "invite"),
      let room = RoomName(parts[0]), let role = Role(parts[1]), role <= .host,
      let expires = Int(parts[2]), (0..<Self.lastSecond).contains(expires), let id = UInt64(parts[3], radix: 16)
    else { throw RoomError(.forgedInvite) }
    self.room = room
    self.role = role
    self.expires = expires
    self.id = id
  }

  /// The year 9999 has ended by then.
  private static let lastSecond = 253_402_300_800
}
