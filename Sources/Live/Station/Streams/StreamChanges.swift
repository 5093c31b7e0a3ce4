/// The difference between the streams that run and those of settings that were read again.
struct StreamChanges: Equatable {
  /// The names of the streams that are to end.
  let removed: [StreamName]
  /// The streams that are to begin again with other settings.
  let changed: [StreamSettings]
  let added: [StreamSettings]

  init(from running: [StreamSettings], to wanted: [StreamSettings]) {
    func found(_ name: StreamName, in streams: [StreamSettings]) -> StreamSettings? {
      streams.first { $0.name == name }
    }
    let changed = wanted.filter { stream in found(stream.name, in: running).map { $0 != stream } ?? false }
    added = wanted.filter { found($0.name, in: running) == nil }
    removed = running.map(\.name).filter { found($0, in: wanted) == nil }
    self.changed = changed
  }

  /// The first stream that cannot begin, and the reason: nothing opens the standard input again, and a station that has started
  /// without rooms gets none.
  func refusal(hasRooms: Bool) -> InvalidInput? {
    for stream in changed + added {
      if stream.source == .standardInput {
        return InvalidInput(
          "stream", stream.name.text, "a stream begins to read the standard input at the start only: it needs a restart"
        )
      }
      if !hasRooms, stream.hasRoom || stream.sourceRoom != nil {
        return InvalidInput(
          "stream", stream.name.text, "the station has started without rooms: a stream with a room needs a restart")
      }
    }
    return nil
  }

  var isEmpty: Bool { removed.isEmpty && changed.isEmpty && added.isEmpty }
}
