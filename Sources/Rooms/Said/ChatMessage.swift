import Core

/// A text that a member has written to the room.
package struct ChatMessage: Equatable, Sendable {
  package let stamp: Stamp
  package let from: MemberID
  /// The member's name when the text was written.
  package let name: String
  package let text: String
  /// Only in the message to the sender.
  package var nonce: String?

  package init(stamp: Stamp, from: MemberID, name: String, text: String, nonce: String? = nil) {
    self.stamp = stamp
    self.from = from
    self.name = name
    self.text = text
    self.nonce = nonce
  }

  init(_ object: JSONObject) throws(RoomError) {
    stamp = try Stamp(object)
    from = try object.member("from")
    name = try object.string("name")
    text = try object.string("text")
    nonce = try object.optionalString("nonce")
  }

  var fields: [(String, JSON)] {
    var fields: [(String, JSON)] = [
      ("id", .number(stamp.id)), ("from", from.json), ("name", .string(name)), ("text", .string(text)),
    ]
    fields.append("nonce", nonce.map { .string($0) })
    return fields + stamp.fields
  }
}
