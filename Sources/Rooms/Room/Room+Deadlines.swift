extension Room {
  /// The monotonic time of the next thing that happens by itself; nil if there is none.
  var wake: Duration? {
    var earliest = changesWake
    func consider(_ time: Duration?) {
      if let time { earliest = min(earliest ?? time, time) }
    }
    consider(emptySince.map { $0 + RoomsLimits.grace })
    for index in polls.indices { consider(polls[index].wake) }
    for index in members.indices { consider(members[index].brokenSince.map { $0 + RoomsLimits.grace }) }
    return earliest
  }

  /// Whether the room is to go.
  var isOver: Bool { isClosed || (emptySince.map { now.monotonic >= $0 + RoomsLimits.grace } ?? false) }

  /// Does everything that is due now.
  mutating func settle() {
    for member in members {
      guard let since = member.brokenSince, now.monotonic >= since + RoomsLimits.grace else { continue }
      depart(member.id)
    }
    if let wake = changesWake, now.monotonic >= wake {
      membersTold = now.monotonic
      tell(.members(changes.take(from: members)))
    }
    for index in polls.indices {
      guard let wake = polls[index].wake, now.monotonic >= wake else { continue }
      tellPoll(index)
    }
  }

  /// At most two `members` messages a second.
  private var changesWake: Duration? {
    guard !changes.isEmpty else { return nil }
    return membersTold.map { $0 + RoomsLimits.pace } ?? now.monotonic
  }
}
