/// The streams of the station, as far as they concern rooms.
package struct RoomStreams: Equatable, Sendable {
  /// `--source room:NAME`: the names of the streams that take the sound of a room, in the order of the settings.
  package var sourceOf: [RoomName: [String]] = [:]
  /// The rooms that have the name of a stream. Listen tokens guard these.
  package var named: [RoomName: StreamRoom] = [:]
  /// The rooms that have the name of a stream which is gone. The listen tokens still guard such a room: the room may remember
  /// what was said before.
  package var guarded: Set<RoomName> = []

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
