extension Rooms {
  /// The streams of the station are others now. A position in a stream of before may be wrong.
  mutating func change(to streams: RoomStreams, _ now: RoomsTime, _ actions: inout [RoomsAction]) {
    // Other people may see the rooms of streams in the list.
    let before = settings.streams
    if (streams.named, streams.guarded) != (before.named, before.guarded) { listHasChanged = true }
    settings.streams = streams
    anchors = [:]
    for name in rooms.keys.sorted(by: { $0.text < $1.text }) {
      update(name, now, &actions) { room in
        room.anchor = nil
        room.change(to: streams)
      }
    }
  }
}
