import HTTP
import Logging
import Rooms
import Synchronization
import System

/// Makes the streams of a running station those of settings that were read again. A stream whose settings are the same plays
/// on. Used by one thread, except `end`.
final class StreamChanger: Sendable {
  /// The longest time that the next run of a stream waits for the capture thread and for the folder of the run before.
  private static let folderTimeout = Duration.seconds(2)

  private let settings: StationSettings
  private let streams: StreamDirectory
  private let starter: StreamStarter
  private let audiences: Audiences
  private let gates: Gates
  private let pages: Replaceable<StationPages>
  private let files: StaticFiles
  private let secrets: SecretWords
  /// Nil where the station has no rooms.
  private let rooms: RoomsService?
  /// Nil where other machines reach the listeners' port, so that the port is never private.
  private let isPrivate: Bool?
  private let notifier: PublishNotifier
  private let log: Log
  private let hasEnded = Atomic(false)
  /// The station goes on, and so has time for a recording to be finished.
  private static let recorderTimeout = Duration.seconds(2)

  init(
    _ settings: StationSettings, _ streams: StreamDirectory, _ starter: StreamStarter, _ audiences: Audiences,
    _ gates: Gates, pages: Replaceable<StationPages>, files: StaticFiles, secrets: SecretWords, rooms: RoomsService?,
    isPrivate: Bool?, notifier: PublishNotifier, log: Log
  ) {
    (self.settings, self.streams, self.starter, self.audiences) = (settings, streams, starter, audiences)
    (self.gates, self.pages, self.files, self.secrets) = (gates, pages, files, secrets)
    (self.rooms, self.isPrivate, self.notifier, self.log) = (rooms, isPrivate, notifier, log)
  }

  /// The station stops: no stream is started from now on.
  func end() { hasEnded.store(true, ordering: .sequentiallyConsistent) }

  /// Ends the streams that the settings do not have, starts those that are new, and starts again those that are changed.
  /// - Throws: the reason for which nothing changes.
  func change(to read: StationSettings) throws(InvalidInput) {
    let state = streams.now
    let changes = StreamChanges(
      from: state.entries.filter { !$0.isStopped }.map(\.stream.settings), to: read.streams)
    // The settings of the station stay those of the start.
    var wanted = settings
    wanted.streams = read.streams
    let faces = try Faces(wanted)
    let isLost = state.entries.contains { entry in entry.isStopped && !wanted.has(entry.name) }
    if changes.isEmpty, !isLost {
      if faces != pages.value.faces { replacePages(wanted, faces) }
      return
    }
    try check(changes, wanted, state)
    let tokens = try ListenerGates(wanted, awaited: nil, log: log)
    try checkPrivacy(tokens, wanted)
    let mounts = try starter.mounts(for: wanted)
    let operators = secrets.gates.withLock { $0 }.filter { gate in !gates.listeners.all.contains { $0 === gate } }
    gates.listeners.takeStreams(wanted.streams.map(\.name), of: tokens)
    secrets.gates.withLock { $0 = gates.listeners.all + operators }
    apply(changes, wanted, mounts, state)
    replacePages(wanted, faces)
  }

  private func replacePages(_ wanted: StationSettings, _ faces: Faces) {
    pages.replace(by: StationPages(files, wanted, faces, isPrivate: isPrivate ?? false))
  }

  private func check(
    _ changes: StreamChanges, _ wanted: StationSettings, _ state: StreamDirectory.State
  ) throws(InvalidInput) {
    if let refusal = changes.refusal(hasRooms: rooms != nil) { throw refusal }
    try StationInputs.checkNames(wanted, files)
    let free = StreamDirectory.channels(of: settings) - state.entries.count - state.removed.count
    let isNew = changes.added.filter { state[$0.name] == nil }
    if isNew.count > free, let stream = isNew.last {
      throw InvalidInput("stream", stream.name.text, "so many streams were added and removed that it needs a restart")
    }
  }

  /// A private port stays private, and another port does not become private, until the next start.
  private func checkPrivacy(_ tokens: ListenerGates, _ wanted: StationSettings) throws(InvalidInput) {
    guard let isPrivate else { return }
    let isOpen = wanted.streams.contains { !tokens[$0.name].isClosed }
    guard isOpen != isPrivate else { return }
    throw InvalidInput(
      .listenToken, nil,
      isOpen
        ? "on a port of this machine alone, the first stream without a token needs a restart"
        : "on a port of this machine alone, a token for the last stream without one needs a restart")
  }

  private func apply(
    _ changes: StreamChanges, _ wanted: StationSettings, _ mounts: [StreamName: SourceMount],
    _ state: StreamDirectory.State
  ) {
    var removed = state.removed.filter { !wanted.has($0.name) }
    for var entry in state.entries where !wanted.has(entry.name) {
      // A stream that could not be started again has stopped before.
      if !entry.isStopped {
        starter.forget(entry.stream)
        entry.stream.stop(isForGood: true, recorderWithin: Self.recorderTimeout)
        starter.release(entry.name)
        entry.isStopped = true
      }
      removed.append(entry)
      log.info("reload: the stream \(entry.name) has ended")
    }
    var free = state.freeChannels(of: StreamDirectory.channels(of: settings))[...]
    let beginning = Set((changes.changed + changes.added).map(\.name))
    let entries = wanted.streams.compactMap { stream -> StreamDirectory.Entry? in
      let before = state[stream.name]
      if let before, !beginning.contains(stream.name) { return before }
      guard let channel = before?.channel ?? free.popFirst() else { return nil }
      return started(stream, on: channel, instead: before, mounts[stream.name], among: wanted.streams.count)
    }
    // Where no stream could be started, those that have ended stay.
    streams.replace(by: entries.isEmpty ? .init(removed) : .init(entries, removed: removed))
    rooms?.post(.input(.streams(RoomStreams(streams.now))))
    for entry in entries + removed { notifier.post([.growth, .edition], of: entry.channel) }
    if hasEnded.load(ordering: .sequentiallyConsistent) {
      StreamStarter.stop(streams.streams)
    } else if removed.count > state.removed.count, entries.count(where: { !$0.isStopped }) == wanted.streams.count {
      // Else a stream could not be started, and is to go on after the next reload.
      starter.noteRemoval()
    }
  }

  /// - Parameters:
  ///   - before: the run of the stream that is to end.
  ///   - mount: for source clients; nil where the stream takes none.
  /// - Returns: the stream, or the run before where the stream cannot be started; nil where there is neither.
  private func started(
    _ stream: StreamSettings, on channel: Int, instead before: StreamDirectory.Entry?, _ mount: SourceMount?,
    among count: Int
  ) -> StreamDirectory.Entry? {
    if let before, !before.isStopped {
      starter.forget(before.stream)
      mount?.pause()
      before.stream.stop(recorderWithin: Self.recorderTimeout)
      before.stream.dismissFollowers()
    }
    starter.release(stream.name, keeping: mount)
    if let before, !before.stream.leaveFolder(within: Self.folderTimeout) {
      starter.release(stream.name)
      log.error("reload: stream \(stream.name): its folder hangs; the next reload tries to start the stream again")
      return StreamDirectory.Entry(stream: before.stream, channel: channel, isStopped: true)
    }
    do {
      let started = try starter.startAnother(stream, on: channel, among: count)
      // What an operator has stopped stays so.
      if before?.stream.recorder?.isOn == false { started.recorder?.turn(on: false) }
      audiences.begin(stream, on: channel)
      log.info("reload: the stream \(stream.name) has begun")
      return StreamDirectory.Entry(stream: started, channel: channel)
    } catch {
      starter.release(stream.name)
      log.error("reload: stream \(stream.name): \(error); the next reload tries to start the stream again")
      return before.map { StreamDirectory.Entry(stream: $0.stream, channel: channel, isStopped: true) }
    }
  }
}
