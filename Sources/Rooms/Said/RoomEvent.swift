import Core

/// A prompt, a score, or any other event that a host or an operator has given to the room.
package struct RoomEvent: Equatable, Sendable {
  package let stamp: Stamp
  package let type: String
  package let fields: JSONFields

  /// The names that the server fills in itself.
  static let reservedFields = Stamp.reservedFields.union(["type"])

  package init(stamp: Stamp, type: String, fields: JSONFields) {
    self.stamp = stamp
    self.type = type
    self.fields = fields
  }

  init(type: String, _ object: JSONObject) throws(RoomError) {
    stamp = try Stamp(object)
    self.type = type
    fields = JSONFields(object, without: Self.reservedFields)
  }

  var members: [(String, JSON)] { [("id", .number(stamp.id))] + fields.members + stamp.fields }
}
