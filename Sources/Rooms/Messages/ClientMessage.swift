package import Core

/// A message from a page.
package enum ClientMessage: Equatable, Sendable {
  case hello(Hello)
  /// - Parameter nonce: comes back with the sender's own `chat`.
  case chat(text: String, nonce: String?)
  /// The chat of a page that knows only this message and `server_message`.
  case clientMessage(String)
  case delete(message: Int)
  case typing(Bool)
  case away(Bool)
  case mute(Bool)
  case talking(Bool)
  case hand(up: Bool)
  case name(String)
  case vote(poll: Int, choice: Int)
  case agree(Bool)
  /// Whether the member agrees to be shown in the pictures of the stream while it is on the air.
  case show(Bool)
  case signal(Signal, to: MemberID)
  case call(CallWish)
  case host(HostAction)
  case invite(InviteRequest)
  case event(EventRequest)
  /// Whether the programme of the stream is to be in the member's mix.
  case programme(Bool)
  /// Another form of the sound to the page; nil for none.
  case sound(SoundForm?)
  case leave
  case ping(PageDelays)

  /// All values of the member `type`.
  package static let types: Set<String> = [
    "hello", "chat", "client_message", "delete", "typing", "away", "mute", "talking", "hand", "name", "vote", "agree",
    "show", "offer", "answer", "ice", "call", "host", "invite", "event", "programme", "sound", "leave", "ping",
  ]

  /// Reads a message.
  /// - Parameter longest: bytes of a message (`RoomsLimits.messageBytes`).
  /// - Throws: `tooLong`, `badMessage` or `unknownType`.
  package init(_ text: [UInt8], longest: Int = RoomsLimits().messageBytes) throws(RoomError) {
    guard text.count <= longest else { throw Self.tooLong(text.count, longest) }
    let object = try JSONObject(JSON.message(text))
    let type = try object.string("type")
    switch type {
    case "hello": self = .hello(try Hello(object))
    case "chat": self = .chat(text: try object.string("text"), nonce: try object.optionalString("nonce"))
    case "client_message": self = .clientMessage(try object.string("message"))
    case "delete": self = .delete(message: try object.integer("message"))
    case "typing": self = .typing(try object.bool("on"))
    case "away": self = .away(try object.bool("on"))
    case "mute": self = .mute(try object.bool("on"))
    case "talking": self = .talking(try object.bool("on"))
    case "hand": self = .hand(up: try object.bool("up"))
    case "name": self = .name(try object.string("name"))
    case "vote": self = .vote(poll: try object.integer("poll"), choice: try object.integer("choice"))
    case "agree": self = .agree(try object.bool("on"))
    case "show": self = .show(try object.bool("on"))
    case "offer", "answer", "ice":
      guard text.count <= Signal.longest else { throw Self.tooLong(text.count, Signal.longest) }
      self = .signal(Signal(Signal.Kind(rawValue: type)!, object), to: try object.member("to"))
    case "call": self = .call(try CallWish(object))
    case "host": self = .host(try HostAction(object))
    case "invite": self = .invite(try InviteRequest(object))
    case "event": self = .event(try EventRequest(object.object("event")))
    case "leave": self = .leave
    case "programme": self = .programme(try object.bool("on"))
    case "sound": self = .sound(try SoundForm.read(object.string("form")))
    case "ping": self = .ping(try PageDelays(object))
    default: throw RoomError(.unknownType)
    }
  }

  private static func tooLong(_ count: Int, _ longest: Int) -> RoomError {
    RoomError(.tooLong, "The message has \(count) bytes; at most \(longest) are allowed.")
  }

  package var type: String {
    switch self {
    case .hello: "hello"
    case .chat: "chat"
    case .clientMessage: "client_message"
    case .delete: "delete"
    case .typing: "typing"
    case .away: "away"
    case .mute: "mute"
    case .talking: "talking"
    case .hand: "hand"
    case .name: "name"
    case .vote: "vote"
    case .agree: "agree"
    case .show: "show"
    case .signal(let signal, _): signal.kind.rawValue
    case .call: "call"
    case .host: "host"
    case .invite: "invite"
    case .event: "event"
    case .programme: "programme"
    case .sound: "sound"
    case .leave: "leave"
    case .ping: "ping"
    }
  }

  package var json: JSON { .object([("type", .string(type))] + fields) }

  private var fields: [(String, JSON)] {
    switch self {
    case .hello(let hello): hello.members
    case .chat(let text, let nonce): [("text", .string(text))] + (nonce.map { [("nonce", .string($0))] } ?? [])
    case .clientMessage(let message): [("message", .string(message))]
    case .delete(let message): [("message", .number(message))]
    case .typing(let isOn), .away(let isOn), .mute(let isOn), .talking(let isOn), .agree(let isOn),
      .show(let isOn), .programme(let isOn):
      [("on", .bool(isOn))]
    case .hand(let isUp): [("up", .bool(isUp))]
    case .name(let name): [("name", .string(name))]
    case .vote(let poll, let choice): [("poll", .number(poll)), ("choice", .number(choice))]
    case .signal(let signal, let member): [("to", member.json)] + signal.fields.members
    case .call(let wish): wish.members
    case .host(let action): action.members
    case .invite(let request): request.members
    case .event(let request): [("event", request.json)]
    case .sound(let form): [("form", .string(form.text))]
    case .leave: []
    case .ping(let delays): delays.members
    }
  }
}

extension MemberID {
  var json: JSON { .number(number) }
}

extension JSON {
  /// - Throws: `badMessage` for a text that is not JSON.
  static func message(_ text: [UInt8]) throws(RoomError) -> JSON {
    do { return try JSON(text) } catch { throw RoomError(.badMessage, "The message is \(error).") }
  }
}
