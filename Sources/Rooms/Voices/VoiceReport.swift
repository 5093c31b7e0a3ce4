import Core

/// The voice of one talker, as the mixer hears it.
package struct VoiceReport: Equatable, Sendable {
  package let member: MemberID
  /// The RMS level of the last 200 ms, in dBFS: -120 to 0.
  package let level: Int
  /// Milliseconds from the microphone to the mix.
  package let delay: Int

  package init(member: MemberID, level: Int, delay: Int) {
    self.member = member
    self.level = level
    self.delay = delay
  }

  init(_ json: JSON) throws(RoomError) {
    let object = try JSONObject(json)
    self.init(
      member: try object.member("id"), level: try object.integer("level"), delay: try object.integer("delay"))
  }

  var json: JSON { .object([("id", member.json), ("level", .number(level)), ("delay", .number(delay))]) }
}
