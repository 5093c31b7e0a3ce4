package import Core

/// A request over HTTP to act on a room, and its answer.
package enum RoomsRequest: Equatable, Sendable {
  /// `POST /rooms/NAME/events`.
  case event(EventRequest)
  /// `POST /rooms/NAME/actions`.
  case action(HostAction)
  /// `POST /rooms/NAME/invites`.
  case invite(InviteRequest)

  package enum Answer: Equatable, Sendable {
    /// The number of the event's message.
    case event(id: Int)
    case done
    /// - Parameter path: of the room's page, with the invite.
    case invite(path: String, expires: WallTime)
    case refused(RoomError)
  }
}
