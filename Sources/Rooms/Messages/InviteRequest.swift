import Core

/// The wish of a host or an operator for a link to the room.
package struct InviteRequest: Equatable, Sendable {
  /// Listener, talker or host.
  package let role: Role
  /// Seconds from now.
  package let expires: Int

  package init(role: Role, expires: Int) {
    self.role = role
    self.expires = expires
  }

  /// Reads the body of `POST /rooms/NAME/invites`.
  package init(_ text: [UInt8]) throws(RoomError) {
    try self.init(JSONObject(JSON.message(text)))
  }

  init(_ object: JSONObject) throws(RoomError) {
    guard let role = Role(try object.string("role")), role <= .host else {
      throw RoomError(.badMessage, "role must be listener, talker or host.")
    }
    let expires = try object.integer("expires")
    let longest = Int(RoomsLimits.inviteLife.components.seconds)
    guard (1...longest).contains(expires) else {
      throw RoomError(.badMessage, "expires must be 1 to \(longest) seconds.")
    }
    self.init(role: role, expires: expires)
  }

  var members: [(String, JSON)] { [("role", .string(role.text)), ("expires", .number(expires))] }
}
