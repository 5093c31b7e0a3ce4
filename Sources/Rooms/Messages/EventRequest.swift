import Core

/// An event that a host or an operator gives to a room.
package enum EventRequest: Equatable, Sendable {
  /// A prompt, a score, or anything else with a type that the protocol does not have.
  case event(type: String, JSONFields)
  case newPoll(question: String, choices: [String])
  case closePoll(Int)

  /// Bytes of the type of an event.
  private static let longestType = 64
  /// Bytes of a question or a choice.
  private static let longestText = 1000

  /// Reads the body of `POST /rooms/NAME/events`.
  package init(_ text: [UInt8]) throws(RoomError) {
    try self.init(JSONObject(JSON.message(text)))
  }

  init(_ object: JSONObject) throws(RoomError) {
    let type = try object.string("type")
    switch type {
    case "poll": self = try Self.poll(object)
    case "prompt", "score":
      if type == "prompt" { _ = try object.string("text") }
      self = .event(type: type, JSONFields(object, without: RoomEvent.reservedFields))
    default:
      guard (1...Self.longestType).contains(type.utf8.count) else {
        throw RoomError(.badMessage, "The type of an event has 1 to \(Self.longestType) bytes.")
      }
      guard !ClientMessage.types.contains(type), !ServerMessage.types.contains(type) else {
        throw RoomError(.badMessage, "An event cannot have the type \(type), which is a message of the protocol.")
      }
      self = .event(type: type, JSONFields(object, without: RoomEvent.reservedFields))
    }
  }

  private static func poll(_ object: JSONObject) throws(RoomError) -> EventRequest {
    if let poll = try object.optionalInteger("poll") {
      guard try object.bool("open") == false else { throw RoomError(.badMessage, "A poll can only be closed.") }
      return .closePoll(poll)
    }
    let question = try object.string("question")
    let choices = try object.strings("choices")
    guard (2...RoomsLimits.choices).contains(choices.count) else {
      throw RoomError(.badMessage, "A poll has 2 to \(RoomsLimits.choices) choices.")
    }
    guard ([question] + choices).allSatisfy({ (1...longestText).contains($0.utf8.count) }) else {
      throw RoomError(.badMessage, "The question and each choice of a poll have 1 to \(longestText) bytes.")
    }
    return .newPoll(question: question, choices: choices)
  }

  var json: JSON {
    switch self {
    case .event(let type, let fields): .object([("type", .string(type))] + fields.members)
    case .newPoll(let question, let choices):
      .object([
        ("type", .string("poll")), ("question", .string(question)), ("choices", .array(choices.map { .string($0) })),
      ])
    case .closePoll(let poll):
      .object([("type", .string("poll")), ("poll", .number(poll)), ("open", .bool(false))])
    }
  }
}
