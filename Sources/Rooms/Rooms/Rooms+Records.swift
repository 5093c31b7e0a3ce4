import Core

extension Rooms {
  /// Takes the decisions of before a restart. The rooms exist again; those into which nobody comes go after a while. A room for
  /// which there is no place gets the decisions when it is made.
  mutating func restore(_ records: RoomRecords, _ now: RoomsTime, _ actions: inout [RoomsAction]) {
    for (id, end) in records.invites.ends { endedInvites.add(id, until: end, at: now.wall) }
    for record in records.rooms where rooms[record.room] == nil {
      self.records[record.room] = record
      do { try make(record.room, now) } catch { continue }
      collect(record.room, &actions)
    }
  }

  /// Notes the decisions of a room's hosts, and the invites that a ban has ended.
  mutating func takeRecord(of name: RoomName, _ now: RoomsTime) {
    for (id, end) in rooms[name]!.takeEndedInvites() {
      endedInvites.add(id, until: end, at: now.wall)
      recordsHaveChanged = true
    }
    let record = rooms[name]!.isOver ? nil : rooms[name]!.record
    let kept = record.flatMap { $0.isEmpty ? nil : $0 }
    guard records[name] != kept else { return }
    records[name] = kept
    recordsHaveChanged = true
  }

  /// The shell keeps the records, if they have changed.
  mutating func keepRecords(_ actions: inout [RoomsAction]) {
    guard recordsHaveChanged else { return }
    recordsHaveChanged = false
    var kept = RoomRecords()
    kept.invites = endedInvites
    kept.rooms = records.values.sorted { $0.room.text < $1.room.text }
    actions.append(.keep(kept))
  }
}
