import Core

/// The state of a room, as its members see it.
package struct RoomState: Equatable, Sendable {
  package let name: String
  package var isLocked = false
  package var isInviteOnly = false
  /// Whether the members can call each other.
  package var hasCalls = false
  /// Whether the server mixes the voices of the members.
  package var hasVoices = false
  /// Whether at least one member is on the air.
  package var isOnAir = false
  /// The names of the streams whose source is the room.
  package var sourceOf: [String] = []
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
    hasVoices = try object.bool("voices")
    isOnAir = try object.bool("on_air")
    sourceOf = try object.strings("source_of")
    stream = try object.optionalString("stream")
  }

  var fields: [(String, JSON)] {
    var fields: [(String, JSON)] = [
      ("name", .string(name)), ("locked", .bool(isLocked)), ("invite_only", .bool(isInviteOnly)),
      ("calls", .bool(hasCalls)), ("voices", .bool(hasVoices)), ("on_air", .bool(isOnAir)),
      ("source_of", .array(sourceOf.map { .string($0) })),
    ]
    fields.append("stream", stream.map { .string($0) })
    return fields
  }
}
