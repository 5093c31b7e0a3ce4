import Core

/// The answer to the message by which a page enters a room.
package struct Welcome: Equatable, Sendable {
  /// The member that the page is.
  package struct You: Equatable, Sendable {
    package let id: MemberID
    package let name: String
    package let role: Role
    /// A secret (`MemberSession`).
    package let session: String
    /// The form of the sound that the server sends; nil for none.
    package let sound: SoundForm?

    package init(id: MemberID, name: String, role: Role, session: String, sound: SoundForm? = nil) {
      self.id = id
      self.name = name
      self.role = role
      self.session = session
      self.sound = sound
    }
  }

  package let you: You
  package let room: RoomState
  /// With the page's own member.
  package let members: [MemberState]
  /// Messages that have an id, the oldest first.
  package let history: [ServerMessage]
  /// The highest id that the room has given to a message, or a lower bound of the next id.
  package let last: Int

  package init(you: You, room: RoomState, members: [MemberState], history: [ServerMessage], last: Int) {
    self.you = you
    self.room = room
    self.members = members
    self.history = history
    self.last = last
  }

  init(_ object: JSONObject) throws(RoomError) {
    let own = try object.object("you")
    guard let role = Role(try own.string("role")) else { throw RoomError(.badMessage, "role must be a role.") }
    you = You(
      id: try own.member("id"), name: try own.string("name"), role: role, session: try own.string("session"),
      sound: try SoundForm.read(own.string("sound")))
    room = try RoomState(object.object("room"))
    var states: [MemberState] = []
    for state in try object.array("members") { states.append(try MemberState(state)) }
    members = states
    var messages: [ServerMessage] = []
    for message in try object.array("history") { messages.append(try ServerMessage(message)) }
    history = messages
    last = try object.integer("last")
  }

  var fields: [(String, JSON)] {
    let own: JSON = .object([
      ("id", you.id.json), ("name", .string(you.name)), ("role", .string(you.role.text)),
      ("session", .string(you.session)), ("sound", .string(you.sound.text)),
    ])
    return [
      ("you", own), ("room", .object(room.fields)), ("members", .array(members.map(\.json))),
      ("history", .array(history.map(\.json))), ("last", .number(last)),
    ]
  }
}
