/// The person who acts on a room as a host or an operator.
struct Actor: Equatable, Sendable {
  let role: Role
  /// Nil for a person who acts over HTTP without being a member.
  let member: MemberID?
  /// The words of the log.
  let description: String
  /// The name for other members.
  let name: String

  static let `operator` = Actor(role: .operator, member: nil, description: "an operator", name: "An operator")

  init(role: Role, member: MemberID?, description: String, name: String) {
    self.role = role
    self.member = member
    self.description = description
    self.name = name
  }

  init(_ member: Member) {
    self.init(role: member.state.role, member: member.id, description: member.description, name: member.state.name)
  }
}
