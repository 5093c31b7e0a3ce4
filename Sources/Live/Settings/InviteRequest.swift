/// An invite that a person asks for on the command line.
package struct InviteRequest: Equatable, Sendable {
  package enum Role: String, CaseIterable, Sendable {
    case listener, talker, host
  }

  package let room: String
  package var role = Role.talker
  /// The time until the invite expires, in whole seconds.
  package var lifetime = Duration.seconds(86_400)

  package init(room: String) {
    self.room = room
  }
}
