/// The person who acts on a room as a host or an operator.
struct Actor: Equatable, Sendable {
  let role: Role
  /// Nil for a person who acts over HTTP without being a member.
  let member: MemberID?
  /// The words of the log.
  let description: String

  static let `operator` = Actor(role: .operator, member: nil, description: "an operator")

  init(role: Role, member: MemberID?, description: String) {
    self.role = role
    self.member = member
    self.description = description
  }

  init(_ member: Member) {
    self.init(role: member.state.role, member: member.id, description: member.description)
  }
}
