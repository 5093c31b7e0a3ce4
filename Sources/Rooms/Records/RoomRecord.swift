import Core

/// The decisions of the hosts of one room, as far as they outlive a restart of the server.
package struct RoomRecord: Equatable, Sendable {
  package let room: RoomName
  package var isLocked = false
  package var isInviteOnly = false
  var bans = Bans()
  /// The members whom a host has muted.
  var muted = RecentList<MemberID>()
  /// The members whom a host has removed: their sessions of before the restart are worth nothing.
  var removed = RecentList<MemberID>()

  package init(_ room: RoomName) {
    self.room = room
  }

  /// Whether nobody has decided anything.
  var isEmpty: Bool { self == RoomRecord(room) }

  // MARK: JSON

  init(_ json: JSON) throws(RoomError) {
    let object = try JSONObject(json)
    guard let room = RoomName(try object.string("room")) else {
      throw RoomError(.badMessage, "room must be the name of a room.")
    }
    self.room = room
    isLocked = try object.bool("locked")
    isInviteOnly = try object.bool("invite_only")
    bans = Bans(members: try object.memberIDs("banned"), addresses: try object.strings("banned_addresses"))
    muted = RecentList(try object.memberIDs("muted"))
    removed = RecentList(try object.memberIDs("removed"))
  }

  var json: JSON {
    .object([
      ("room", .string(room.text)), ("locked", .bool(isLocked)), ("invite_only", .bool(isInviteOnly)),
      ("banned", .array(bans.members.values.map(\.json))),
      ("banned_addresses", .array(bans.addresses.values.map { .string($0) })),
      ("muted", .array(muted.values.map(\.json))), ("removed", .array(removed.values.map(\.json))),
    ])
  }
}
