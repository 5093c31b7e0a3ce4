extension Room {
  /// The decisions of the hosts that outlive a restart.
  var record: RoomRecord {
    var record = RoomRecord(name)
    (record.isLocked, record.isInviteOnly) = (state.isLocked, state.isInviteOnly)
    (record.bans, record.muted, record.removed) = (bans, muted, removed)
    return record
  }

  /// Takes the decisions of before a restart.
  mutating func restore(_ record: RoomRecord) {
    (state.isLocked, state.isInviteOnly) = (record.isLocked, record.isInviteOnly)
    (bans, muted, removed) = (record.bans, record.muted, record.removed)
  }
}
