import Core

/// A question to the room, with the votes so far.
package struct PollState: Equatable, Sendable {
  package var stamp: Stamp
  /// The id of the first message of this poll.
  package let poll: Int
  package let question: String
  package let choices: [String]
  /// As many as choices.
  package var votes: [Int]
  package var isOpen: Bool
  /// The choice of the member who gets the message; nil without a vote.
  package var vote: Int?

  package init(stamp: Stamp, poll: Int, question: String, choices: [String]) {
    self.stamp = stamp
    self.poll = poll
    self.question = question
    self.choices = choices
    votes = choices.map { _ in 0 }
    isOpen = true
  }

  init(_ object: JSONObject) throws(RoomError) {
    stamp = try Stamp(object)
    poll = try object.integer("poll")
    question = try object.string("question")
    choices = try object.strings("choices")
    votes = try object.integers("votes")
    isOpen = try object.bool("open")
    vote = try object.optionalInteger("vote")
    guard votes.count == choices.count else { throw RoomError(.badMessage, "A poll has a count for each choice.") }
  }

  var fields: [(String, JSON)] {
    var fields: [(String, JSON)] = [
      ("id", .number(stamp.id)), ("poll", .number(poll)), ("question", .string(question)),
      ("choices", .array(choices.map { .string($0) })), ("votes", .array(votes.map { .number($0) })),
      ("open", .bool(isOpen)),
    ]
    fields.append("vote", vote.map { .number($0) })
    return fields + stamp.fields
  }
}
