/// The values that the station's operator chooses for rooms.
package struct RoomsSettings: Sendable {
  package var limits = RoomsLimits()
  /// `--room-open`: the role of anybody who comes without an invite; nil where nobody may. Listener or talker.
  package var openRole: Role?
  /// `--room-calls`.
  package var hasCalls = false
  /// Whether the server mixes the voices of the members.
  package var hasVoices = true
  /// The streams of the station. A reload may change them.
  package var streams = RoomStreams()

  package init() {}
}
