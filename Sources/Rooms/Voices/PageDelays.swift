import Core

/// The delays that a page measures, in milliseconds, as `ping` tells them. Each is nil until the page has told it.
package struct PageDelays: Equatable, Sendable {
  /// The round trip between page and server.
  package var rtt: Int?
  /// From the microphone to the moment when the page sends the sound.
  package var capture: Int?
  /// From the moment when the sound arrives to the loudspeaker.
  package var playback: Int?

  /// A page that tells more is wrong.
  private static let longest = 10_000

  package init(rtt: Int? = nil, capture: Int? = nil, playback: Int? = nil) {
    self.rtt = rtt
    self.capture = capture
    self.playback = playback
  }

  init(_ object: JSONObject) throws(RoomError) {
    self.init(
      rtt: try object.optionalInteger("rtt"), capture: try object.optionalInteger("capture"),
      playback: try object.optionalInteger("playback"))
  }

  var members: [(String, JSON)] {
    var members: [(String, JSON)] = []
    members.append("rtt", rtt.map { .number($0) })
    members.append("capture", capture.map { .number($0) })
    members.append("playback", playback.map { .number($0) })
    return members
  }

  /// Takes the delays that a later message tells.
  mutating func update(_ later: PageDelays) {
    rtt = later.rtt ?? rtt
    capture = later.capture ?? capture
    playback = later.playback ?? playback
  }

  /// From the microphone to the server.
  var uplink: Int { Self.bounded(capture) + Self.bounded(rtt) / 2 }

  /// From the server to the loudspeaker.
  var downlink: Int { Self.bounded(rtt) / 2 + Self.bounded(playback) }

  private static func bounded(_ delay: Int?) -> Int { min(max(delay ?? 0, 0), longest) }
}
