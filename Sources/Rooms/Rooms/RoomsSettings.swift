/// The values that the station's operator chooses for rooms.
package struct RoomsSettings: Sendable {
  package var limits = RoomsLimits()
  /// `--room-open`: the role of anybody who comes without an invite; nil where nobody may. Listener or talker.
  package var openRole: Role?
  /// `--room-calls`.
  package var hasCalls = false
  /// Whether the server mixes the voices of the members.
  package var hasVoices = true
  /// `--source room:NAME`: the names of the streams whose source is a room.
  package var sourceOf: [RoomName: [String]] = [:]
  /// The rooms that have the name of a stream. Listen tokens guard these.
  package var streams: [RoomName: StreamRoom] = [:]

  package init() {}
}

/// The settings of a room that has the name of a stream.
package struct StreamRoom: Equatable, Sendable {
  /// `--stream-room`: everybody who may listen to the stream may enter, at least as a listener.
  package let admitsListeners: Bool

  package init(admitsListeners: Bool) {
    self.admitsListeners = admitsListeners
  }
}
