import Core

/// Everything that hosts have decided and that outlives a restart of the server, in all rooms.
package struct RoomRecords: Equatable, Sendable {
  package var invites = EndedInvites()
  /// The records of the rooms that exist, by name. A room in which nobody has decided anything has none.
  package var rooms: [RoomRecord] = []

  package init() {}

  package var isEmpty: Bool { self == RoomRecords() }

  /// Reads what `text` has written.
  /// - Throws: `badMessage`.
  package init(text: [UInt8]) throws(RoomError) {
    let object = try JSONObject(JSON.message(text))
    invites = try EndedInvites(object.array("invites"))
    for room in try object.array("rooms") { rooms.append(try RoomRecord(room)) }
  }

  /// JSON.
  package var text: String {
    JSON.object([("invites", invites.json), ("rooms", .array(rooms.map(\.json)))]).text
  }

  /// The rooms whose bans differ from other records.
  package func roomsWithOtherBans(than other: RoomRecords) -> Set<RoomName> {
    func bans(_ records: RoomRecords) -> [RoomName: Bans] {
      Dictionary(records.rooms.map { ($0.room, $0.bans) }) { $1 }
    }
    let (mine, others) = (bans(self), bans(other))
    return Set(mine.keys).union(others.keys).filter { mine[$0] != others[$0] }
  }
}
