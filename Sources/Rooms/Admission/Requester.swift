/// The sender of a request over HTTP, which must show a right.
package enum Requester: Equatable, Sendable {
  /// The shell has admitted an operator.
  case `operator`
  /// The text of a host's invite.
  case invite(String)
  /// The text of a host's session.
  case session(String)
}
