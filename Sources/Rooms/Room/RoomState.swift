import Core

/// The state of a room, as its members see it.
package struct RoomState: Equatable, Sendable {
  package let name: String
  package var isLocked = false
  package var isInviteOnly = false
  /// Whether the members can call each other.
  package var hasCalls = false
  package var isOnAir = false
  /// The stream of the same name; nil where there is none.
  package var stream: String?

  package init(name: String) {
    self.name = name
  }

  init(_ object: JSONObject) throws(RoomError) {
    name = try object.string("name")
    isLocked = try object.bool("locked")
    isInviteOnly = try object.bool("invite_only")
    hasCalls = try object.bool("calls")
    isOnAir = try object.optionalBool("on_air") ?? false
    stream = try object.optionalString("stream")
  }

  var fields: [(String, JSON)] {
    var fields: [(String, JSON)] = [
      ("name", .string(name)), ("locked", .bool(isLocked)), ("invite_only", .bool(isInviteOnly)),
      ("calls", .bool(hasCalls)), ("on_air", .bool(isOnAir)),
    ]
    fields.append("stream", stream.map { .string($0) })
    return fields
  }
}
