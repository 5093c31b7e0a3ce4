/// The people whom a host has banned from a room: by session and by address. The oldest bans end when there are too many.
/// The invites that a ban ends are in `EndedInvites`, because they outlive the room.
struct Bans: Equatable, Sendable {
  private(set) var members: RecentList<MemberID>
  private(set) var addresses: RecentList<String>

  init(members: [MemberID] = [], addresses: [String] = []) {
    self.members = RecentList(members)
    self.addresses = RecentList(addresses)
  }

  mutating func add(_ member: Member) {
    members.add(member.id)
    addresses.add(member.address)
  }

  func holds(member: MemberID?, address: String) -> Bool {
    member.map(members.contains) ?? false || addresses.contains(address)
  }
}
