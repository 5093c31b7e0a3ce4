/// The channels of the servers that the rooms use; see `Server.sendOn`. They stand behind those of the streams.
struct RoomChannels {
  /// The messages to members as server-sent events.
  let members: Int
  /// The list of rooms.
  let list: Int
  /// The audiences of the rooms.
  let audiences: Range<Int>
  /// The number of all channels, with those of the streams. Without rooms, there are only those.
  let end: Int

  init(_ settings: StationSettings) {
    // Each stream has one for its sound, and one for its pictures.
    members = 2 * StreamDirectory.channels(of: settings)
    list = members + 1
    audiences = members + 2..<members + 2 + (settings.rooms?.maxRooms ?? 0)
    end = settings.rooms == nil ? members : audiences.upperBound
  }
}
