package import Core

/// A message to a page.
package enum ServerMessage: Equatable, Sendable {
  case welcome(Welcome)
  /// The state of the room has changed.
  case room(RoomState)
  case members(MembersChange)
  case chat(ChatMessage)
  case deleted(Deletion)
  case hand(from: MemberID, up: Bool)
  case signal(Signal, from: MemberID)
  case call(CallAnswer)
  /// A prompt, a score, or another event with a type of its own.
  case event(RoomEvent)
  case poll(PollState)
  case air(AirState)
  /// A host asks the member to be on the air.
  /// - Parameter by: the name of the host.
  case airRequest(by: String)
  /// The levels and delays of the talkers.
  case voices([VoiceReport])
  /// The microphone of a member repeats the sound that the member hears.
  case echo(MemberID)
  /// The page goes to another room. The path of that room's page has an invite.
  case moved(to: RoomName, url: String)
  case invite(url: String, expires: WallTime)
  case error(RoomError)
  case pong(rtt: Int?)
  /// A chat, for pages that know only this message and `client_message`.
  case serverMessage(String)
  /// The reason for the close that follows.
  case removed(reason: String)

  /// All values of the member `type` but those that events bring.
  package static let types: Set<String> = [
    "welcome", "room", "members", "chat", "deleted", "hand", "signal", "call", "prompt", "score", "poll", "air",
    "air_request", "voices", "echo", "moved", "invite", "error", "pong", "server_message", "removed",
  ]

  /// Reads what `text` has written.
  /// - Throws: `badMessage`.
  package init(text: [UInt8]) throws(RoomError) {
    try self.init(JSON.message(text))
  }

  init(_ json: JSON) throws(RoomError) {
    let object = try JSONObject(json)
    let type = try object.string("type")
    switch type {
    case "welcome": self = .welcome(try Welcome(object))
    case "room": self = .room(try RoomState(object))
    case "members": self = .members(try MembersChange(object))
    case "chat": self = .chat(try ChatMessage(object))
    case "deleted": self = .deleted(try Deletion(object))
    case "hand": self = .hand(from: try object.member("from"), up: try object.bool("up"))
    case "signal":
      guard let kind = Signal.Kind(rawValue: try object.string("kind")) else { throw RoomError(.badMessage) }
      self = .signal(Signal(kind, object), from: try object.member("from"))
    case "call": self = .call(try CallAnswer(object))
    case "poll": self = .poll(try PollState(object))
    case "air": self = .air(try AirState(object))
    case "air_request": self = .airRequest(by: try object.string("by"))
    case "voices":
      var talkers: [VoiceReport] = []
      for talker in try object.array("talkers") { talkers.append(try VoiceReport(talker)) }
      self = .voices(talkers)
    case "echo": self = .echo(try object.member("member"))
    case "moved":
      guard let room = RoomName(try object.string("to")) else { throw RoomError(.badMessage) }
      self = .moved(to: room, url: try object.string("url"))
    case "invite": self = .invite(url: try object.string("url"), expires: try object.date("expires"))
    case "error":
      guard let code = ErrorCode(rawValue: try object.string("code")) else { throw RoomError(.badMessage) }
      let suggestion = try object.optionalString("suggestion")
      self = .error(RoomError(code, try object.string("text"), suggestion: suggestion))
    case "pong": self = .pong(rtt: try object.optionalInteger("rtt"))
    case "server_message": self = .serverMessage(try object.string("message"))
    case "removed": self = .removed(reason: try object.string("reason"))
    default: self = .event(try RoomEvent(type: type, object))
    }
  }

  package var type: String {
    switch self {
    case .welcome: "welcome"
    case .room: "room"
    case .members: "members"
    case .chat: "chat"
    case .deleted: "deleted"
    case .hand: "hand"
    case .signal: "signal"
    case .call: "call"
    case .event(let event): event.type
    case .poll: "poll"
    case .air: "air"
    case .airRequest: "air_request"
    case .voices: "voices"
    case .echo: "echo"
    case .moved: "moved"
    case .invite: "invite"
    case .error: "error"
    case .pong: "pong"
    case .serverMessage: "server_message"
    case .removed: "removed"
    }
  }

  /// The number and the moment of a message that the audience hears too and that the history keeps; nil for all others.
  package var stamp: Stamp? {
    switch self {
    case .chat(let chat): chat.stamp
    case .deleted(let deletion): deletion.stamp
    case .event(let event): event.stamp
    case .poll(let poll): poll.stamp
    case .air(let air): air.stamp
    default: nil
    }
  }

  package var json: JSON { .object([("type", .string(type))] + fields) }

  /// The JSON text.
  package var text: String { json.text }

  private var fields: [(String, JSON)] {
    switch self {
    case .welcome(let welcome): welcome.fields
    case .room(let room): room.fields
    case .members(let change): change.fields
    case .chat(let chat): chat.fields
    case .deleted(let deletion): deletion.fields
    case .hand(let from, let isUp): [("from", from.json), ("up", .bool(isUp))]
    case .signal(let signal, let from):
      [("from", from.json), ("kind", .string(signal.kind.rawValue))] + signal.fields.members
    case .call(let answer): answer.fields
    case .event(let event): event.members
    case .poll(let poll): poll.fields
    case .air(let air): air.fields
    case .airRequest(let name): [("by", .string(name))]
    case .voices(let talkers): [("talkers", .array(talkers.map(\.json)))]
    case .echo(let member): [("member", member.json)]
    case .moved(let room, let url): [("to", .string(room.text)), ("url", .string(url))]
    case .invite(let url, let expires): [("url", .string(url)), ("expires", .string(expires.text))]
    case .error(let error):
      [("code", .string(error.code.rawValue)), ("text", .string(error.text))]
        + (error.suggestion.map { [("suggestion", .string($0))] } ?? [])
    case .pong(let rtt): rtt.map { [("rtt", .number($0))] } ?? []
    case .serverMessage(let message): [("message", .string(message))]
    case .removed(let reason): [("reason", .string(reason))]
    }
  }
}
