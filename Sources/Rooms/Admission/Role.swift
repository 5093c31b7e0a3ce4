/// The rank of a member.
package enum Role: Int, Comparable, CaseIterable, Sendable {
  /// Reads and writes, but is not heard.
  case listener
  case talker
  case host
  case `operator`

  /// The word in messages, links and flags.
  package var text: String {
    switch self {
    case .listener: "listener"
    case .talker: "talker"
    case .host: "host"
    case .operator: "operator"
    }
  }

  package init?(_ text: some StringProtocol) {
    guard let role = Self.allCases.first(where: { $0.text == text }) else { return nil }
    self = role
  }

  package static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}
