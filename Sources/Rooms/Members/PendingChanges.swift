/// The changes of the members that the room has not told yet.
struct PendingChanges: Equatable, Sendable {
  private var joined: Set<MemberID> = []
  private var changed: Set<MemberID> = []
  private var left: [MemberID] = []

  var isEmpty: Bool { joined.isEmpty && changed.isEmpty && left.isEmpty }

  mutating func join(_ id: MemberID) {
    left.removeAll { $0 == id }
    joined.insert(id)
  }

  mutating func change(_ id: MemberID) {
    if !joined.contains(id) { changed.insert(id) }
  }

  /// A member who joined since the last message is told too: the welcome of another page may have named the member.
  mutating func leave(_ id: MemberID) {
    joined.remove(id)
    changed.remove(id)
    left.append(id)
  }

  /// The message of all changes; none is pending then.
  mutating func take(from members: [Member]) -> MembersChange {
    let change = MembersChange(
      joined: members.filter { joined.contains($0.id) }.map(\.state),
      changed: members.filter { changed.contains($0.id) }.map(\.state), left: left)
    self = PendingChanges()
    return change
  }
}
