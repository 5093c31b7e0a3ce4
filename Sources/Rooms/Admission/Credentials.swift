/// The rights of a client that the shell has verified: by token, cookie or endpoint.
package struct Credentials: Equatable, Sendable {
  package static let none = Credentials()
  package static let `operator` = Credentials(isOperator: true, mayListen: true)

  package var isOperator: Bool
  /// Whether the client may listen to the stream whose name the room has. It has no meaning for other rooms.
  package var mayListen: Bool
  /// Whether the client has shown a token that is neither an operator's nor a listener's.
  package var hasWrongToken: Bool

  package init(isOperator: Bool = false, mayListen: Bool = false, hasWrongToken: Bool = false) {
    self.isOperator = isOperator
    self.mayListen = mayListen
    self.hasWrongToken = hasWrongToken
  }

  /// The rights of both.
  package func joined(with other: Credentials) -> Credentials {
    Credentials(
      isOperator: isOperator || other.isOperator, mayListen: mayListen || other.mayListen,
      hasWrongToken: hasWrongToken || other.hasWrongToken)
  }
}
