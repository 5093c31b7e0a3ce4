package import Core

/// The secret of one member that shows that a page is the same member. The text is sealed and holds all fields, so that a
/// session is valid after a restart of the server.
///
/// The text is `ROOM.MEMBER.ROLE.INVITE.ISSUED.NAME.MARK`; the name is in base64url, an absent invite is `-`.
package struct MemberSession: Equatable, Sendable {
  package let room: RoomName
  package let member: MemberID
  package let name: String
  package let role: Role
  /// The id of the invite by which the member came.
  package let invite: UInt64?
  /// Milliseconds since 1970.
  package let issued: Int

  package init(room: RoomName, member: MemberID, name: String, role: Role, invite: UInt64?, issued: WallTime) {
    self.room = room
    self.member = member
    self.name = name
    self.role = role
    self.invite = invite
    self.issued = issued.microseconds / 1000
  }

  package func text(_ seal: some Seal) -> String {
    let invite = invite.map { String($0, radix: 16) } ?? "-"
    let name = Base64URL.text(Array(name.utf8))
    let fields = "\(room).\(member.number).\(role.text).\(invite).\(issued).\(name)"
    return "\(fields).\(seal.mark(fields, purpose: "session"))"
  }

  /// Nil for a text that this key has not made.
  package init?(_ text: String, _ seal: some Seal) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= 4096, parts.count == 7, seal.holds(text, purpose: "session"),
      let room = RoomName(parts[0]), let member = Int(parts[1]).flatMap(MemberID.init), let role = Role(parts[2]),
      let issued = Int(parts[4]), let nameBytes = Base64URL.bytes(parts[5]),
      let name = String(validating: nameBytes, as: UTF8.self)
    else { return nil }
    if parts[3] == "-" {
      invite = nil
    } else {
      guard let id = UInt64(parts[3], radix: 16) else { return nil }
      invite = id
    }
    self.room = room
    self.member = member
    self.name = name
    self.role = role
    self.issued = issued
  }
}
