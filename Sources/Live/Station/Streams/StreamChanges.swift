/// The difference between the streams that run and those of settings that were read again.
struct StreamChanges: Equatable {
  /// The names of the streams that are to end.
  let removed: [StreamName]
  /// The streams that are to begin again with other settings.
  let changed: [StreamSettings]
  let added: [StreamSettings]
  /// The first stream that is to change and cannot: the rooms and the source clients know their streams from the start on, and
  /// nothing opens the standard input again.
  let fixed: StreamName?

  init(from running: [StreamSettings], to wanted: [StreamSettings]) {
    func found(_ name: StreamName, in streams: [StreamSettings]) -> StreamSettings? {
      streams.first { $0.name == name }
    }
    let gone = running.filter { found($0.name, in: wanted) == nil }
    let changed = wanted.filter { stream in found(stream.name, in: running).map { $0 != stream } ?? false }
    added = wanted.filter { found($0.name, in: running) == nil }
    let before = changed.compactMap { found($0.name, in: running) }
    fixed =
      (gone + before + changed + added).first { stream in
        stream.hasRoom || stream.sourceRoom != nil || [.standardInput, .icecast].contains(stream.source)
      }?.name
    removed = gone.map(\.name)
    self.changed = changed
  }

  var isEmpty: Bool { removed.isEmpty && changed.isEmpty && added.isEmpty }
}
