import Core

/// The first message of a page.
package struct Hello: Equatable, Sendable {
  package var name: String?
  /// The session of an earlier `welcome`.
  package var session: String?
  /// The highest id of a message that the page has; the server sends the messages after it.
  package var last: Int?
  package var invite: String?
  /// An operator's or a listener's token. The shell verifies it and gives the result as `Credentials`.
  package var token: String?
  /// The abilities of the browser. The server ignores this today.
  package var capabilities: JSONFields?
  /// The form of sound that the page wants; nil for none.
  package var sound: SoundForm?

  package init() {}

  init(_ object: JSONObject) throws(RoomError) {
    name = try object.optionalString("name")
    session = try object.optionalString("session")
    last = try object.optionalInteger("last")
    invite = try object.optionalString("invite")
    token = try object.optionalString("token")
    capabilities = object["capabilities"] == nil ? nil : JSONFields(try object.object("capabilities").members)
    sound = try object.optionalString("sound").flatMap { (text) throws(RoomError) in try SoundForm.read(text) }
  }

  var members: [(String, JSON)] {
    var members: [(String, JSON)] = []
    members.append("name", name.map { .string($0) })
    members.append("session", session.map { .string($0) })
    members.append("last", last.map { .number($0) })
    members.append("invite", invite.map { .string($0) })
    members.append("token", token.map { .string($0) })
    members.append("capabilities", capabilities.map { .object($0.members) })
    members.append("sound", sound.map { .string($0.rawValue) })
    return members
  }
}
