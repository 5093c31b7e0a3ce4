package import Core

/// The state of a member, as all members of the room see it.
package struct MemberState: Equatable, Sendable {
  package let id: MemberID
  package var name: String
  package var role: Role
  package var isMuted = false
  package var hasHandUp = false
  package var isAway = false
  package var isTyping = false
  package var isTalking = false
  package var isOnAir = false
  /// Whether the member agrees to be on the air.
  package var hasAgreed = false
  /// Whether the stream shows the member's pictures.
  package var isShown = false
  /// Nil for a member who is not in the call.
  package var call: CallState?
  /// Nil until the page has measured a round trip.
  package var network: Network?
  /// The time when the member has entered the room.
  package let since: WallTime

  package init(id: MemberID, name: String, role: Role, since: WallTime) {
    self.id = id
    self.name = name
    self.role = role
    self.since = since
  }

  init(_ json: JSON) throws(RoomError) {
    let object = try JSONObject(json)
    id = try object.member("id")
    name = try object.string("name")
    guard let role = Role(try object.string("role")) else { throw RoomError(.badMessage, "role must be a role.") }
    self.role = role
    isMuted = try object.bool("muted")
    hasHandUp = try object.bool("hand")
    isAway = try object.bool("away")
    isTyping = try object.bool("typing")
    isTalking = try object.bool("talking")
    isOnAir = try object.bool("on_air")
    hasAgreed = try object.bool("agreed")
    isShown = object["shown"] == nil ? false : try object.bool("shown")
    call = object["call"] == nil ? nil : try CallState(object.object("call"))
    network = try object.optionalString("network").flatMap(Network.init)
    since = try object.date("since")
  }

  package var json: JSON {
    // A page that knows no pictures never gets the field.
    let shown: [(String, JSON)] = isShown ? [("shown", .bool(true))] : []
    return .object(
      [
        ("id", id.json), ("name", .string(name)), ("role", .string(role.text)), ("muted", .bool(isMuted)),
        ("hand", .bool(hasHandUp)), ("away", .bool(isAway)), ("typing", .bool(isTyping)),
        ("talking", .bool(isTalking)), ("on_air", .bool(isOnAir)), ("agreed", .bool(hasAgreed)),
        ("call", call?.json ?? .null), ("network", network.map { .string($0.rawValue) } ?? .null),
        ("since", .string(since.text)),
      ] + shown)
  }
}
