import Logging
import Synchronization
import System

/// Starts the streams of a station, at the start and where the settings change.
final class StreamStarter: Sendable {
  private let settings: StationSettings
  private let audience: @Sendable (StreamName) -> Audience
  private let voices: StationVoices?
  private let sources: SourceClients
  private let taps = StreamTaps()
  private let library: RecordingLibrary
  private let notifier: PublishNotifier
  private let log: Log
  private let events: EventSink
  private let onEnd: @Sendable (StreamEnd) -> Void
  /// The number of streams whose input has not ended.
  private let running: Atomic<Int>

  /// - Parameter onEnd: called when the input of the last stream has ended, and when a stream has failed.
  init(
    _ settings: StationSettings, for audience: @escaping @Sendable (StreamName) -> Audience, _ voices: StationVoices?,
    _ sources: SourceClients, _ library: RecordingLibrary, notifying notifier: PublishNotifier, log: Log,
    events: EventSink,
    onEnd: @escaping @Sendable (StreamEnd) -> Void
  ) {
    self.settings = settings
    (self.audience, self.voices, self.sources, self.library) = (audience, voices, sources, library)
    self.notifier = notifier
    (self.log, self.events, self.onEnd) = (log, events, onEnd)
    running = Atomic(settings.streams.count)
  }

  /// Starts every stream of the settings, or none. An error names its stream, unless there is only one.
  func startAll() throws -> [LiveStream] {
    var started: [LiveStream] = []
    do {
      for (channel, stream) in settings.streams.enumerated() {
        started.append(try start(stream, on: channel, among: settings.streams.count))
      }
    } catch {
      Self.stop(started)
      let failed = settings.streams[started.count]
      if let invalid = error as? InvalidInput { throw settings.naming(failed, in: invalid) }
      if settings.streams.count > 1 { throw StreamFailure(name: failed.name, cause: error) }
      throw error
    }
    return started
  }

  /// Starts a further stream.
  /// - Parameter count: the number of streams.
  func startAnother(_ stream: StreamSettings, on channel: Int, among count: Int) throws -> LiveStream {
    running.wrappingAdd(1, ordering: .relaxed)
    do {
      return try start(stream, on: channel, among: count)
    } catch {
      running.wrappingSubtract(1, ordering: .relaxed)
      throw error
    }
  }

  /// A stream is about to be stopped: its input counts no more, and nobody is told its end.
  func forget(_ stream: LiveStream) {
    if stream.keepEndUntold() { running.wrappingSubtract(1, ordering: .relaxed) }
  }

  /// The mounts for settings that were read again; nothing changes yet.
  func mounts(for settings: StationSettings) throws(InvalidInput) -> [StreamName: SourceMount] {
    try sources.mounts(for: settings)
  }

  /// A stream has stopped, for good or before it begins again: the mixer feeds it no more.
  /// - Parameter mount: for source clients from now on; nil where the stream takes none. A client of the same mount stays live.
  func release(_ stream: StreamName, keeping mount: SourceMount? = nil) {
    voices?.release(stream)
    sources.replaceMount(of: stream, by: mount)
  }

  /// The settings have lost streams: perhaps the last ones whose input had not ended.
  func noteRemoval() {
    if running.load(ordering: .relaxed) == 0 { onEnd(.ended) }
  }

  private func start(_ stream: StreamSettings, on channel: Int, among count: Int) throws -> LiveStream {
    var station = settings
    if count != station.streams.count { station.streams = Array(repeating: stream, count: count) }
    let started = try StreamBuilder(
      stream, for: audience(stream.name), knownAs: StationNames(station).forPlayers(of: stream), voices: voices,
      sources: sources, taps: taps, library: library, log: count > 1 ? log.prefixed("\(stream.name): ") : log,
      events: events
    ).start(onChange: { [notifier] in notifier.post($0, of: channel) }, onEnd: { [self] in note($0) })
    sources.attach(started, events: events)
    return started
  }

  private func note(_ end: StreamEnd) {
    guard end == .ended else { return onEnd(end) }
    if running.wrappingSubtract(1, ordering: .relaxed).newValue == 0 { onEnd(end) }
  }

  /// Stops the streams at the same time, because each may take its time.
  static func stop(_ streams: [LiveStream]) {
    let stopped = Semaphore()
    for stream in streams.dropFirst() {
      NamedThread(name: "stop") {
        stream.stop()
        stopped.post()
      }.detach()
    }
    streams.first?.stop()
    for _ in streams.dropFirst() { stopped.wait() }
  }
}

/// A stream that could not be started.
private struct StreamFailure: Error, CustomStringConvertible {
  let name: StreamName
  let cause: any Error

  var description: String { "stream \(name): \(cause)" }
}
