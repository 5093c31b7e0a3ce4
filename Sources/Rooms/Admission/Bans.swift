/// The people whom a host has banned from a room: by session, invite and address. The oldest bans end when there are too
/// many.
struct Bans: Equatable, Sendable {
  private var members: [MemberID] = []
  private var invites: [UInt64] = []
  private var addresses: [String] = []

  mutating func add(_ member: Member) {
    Self.add(member.id, to: &members)
    if let invite = member.invite { Self.add(invite, to: &invites) }
    Self.add(member.address, to: &addresses)
  }

  func holds(member: MemberID?, invite: UInt64?, address: String) -> Bool {
    member.map(members.contains) ?? false || holds(invite: invite) || addresses.contains(address)
  }

  func holds(invite: UInt64?) -> Bool { invite.map(invites.contains) ?? false }

  private static func add<Value: Equatable>(_ value: Value, to values: inout [Value]) {
    guard !values.contains(value) else { return }
    if values.count == RoomsLimits.bans { values.removeFirst() }
    values.append(value)
  }
}
