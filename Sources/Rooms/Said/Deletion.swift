import Core

/// The end of a message of the chat.
package struct Deletion: Equatable, Sendable {
  package let stamp: Stamp
  /// The id of the message that is deleted.
  package let message: Int
  package let by: MemberID

  package init(stamp: Stamp, message: Int, by: MemberID) {
    self.stamp = stamp
    self.message = message
    self.by = by
  }

  init(_ object: JSONObject) throws(RoomError) {
    stamp = try Stamp(object)
    message = try object.integer("message")
    by = try object.member("by")
  }

  var fields: [(String, JSON)] {
    [("id", .number(stamp.id)), ("message", .number(message)), ("by", by.json)] + stamp.fields
  }
}
