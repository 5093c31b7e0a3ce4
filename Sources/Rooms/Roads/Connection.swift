/// A connection, and the member who uses it.
struct Connection: Equatable, Sendable {
  let room: RoomName
  let visitor: Visitor
  /// Nil until the page has entered the room.
  var member: MemberID?
  var flood: FloodGate
}
