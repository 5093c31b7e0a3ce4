/// The place of a member on the air: the member agrees, and a host decides. Both are needed.
struct AirPlace: Equatable, Sendable {
  /// Whether the member agrees to be on the air.
  var hasAgreed = false
  /// Whether the member agrees to be shown. The agreement ends with the place, and with the road of the page.
  var hasAgreedToBeShown = false
  /// Whether a host has given the member the place.
  var isGiven = false
  /// The person who has asked the member to be on the air; nil unless the member has still to answer.
  var asker: Asker?

  /// The host or operator who has asked.
  struct Asker: Equatable, Sendable {
    /// The name for the member.
    let name: String
    /// The words of the log.
    let description: String
  }

  /// Whether the member is on the air while the room is the source of a stream.
  var isTaken: Bool { hasAgreed && isGiven }
}
