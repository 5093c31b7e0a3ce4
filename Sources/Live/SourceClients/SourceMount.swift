import Audio
import Core
import HLS
import HTTP
import Logging
import Synchronization
import System

/// The place where source clients go live on one stream: at most one at a time. A stream that begins again with other settings
/// keeps its mount, and so the live client, as long as the settings of the mount are the same.
final class SourceMount: SoundPlace {
  private struct State {
    /// The client that is live.
    var live: SourceConnection?
    /// The sound that is played: that of the live client, or the rest of the client before.
    var sound: SoundQueue?
    /// The place for titles; nil before the stream has started.
    var titles: NowPlayingMailbox?
    var events = EventSink.none
    /// The title that a client has set, as long as nobody else has set another.
    var title: NowPlaying?
    /// The frames that waited when the stream paused; nil while it runs.
    var rest: Int?
    var end: End?
  }

  /// The reason for which no client goes live any more.
  private enum End {
    case station
    /// The stream is gone, or its settings for source clients are others.
    case mount
  }

  /// A client that has given nothing for this time makes room for the next one: its connection may be dead.
  private static let longestPause = Duration.seconds(5)

  let stream: StreamName
  let gate: SourceGate
  /// The form in which the stream takes sound.
  let format: PCMFormat
  private let passwords: String
  private let allowsTakeover: Bool
  private let log: Log
  private let warnings: SourceWarnings
  private let state = Mutex(State())

  /// - Throws: for an invalid file of passwords.
  init(_ settings: StreamSettings, passwords: String, log: Log) throws(InvalidInput) {
    stream = settings.name
    format = settings.chosenFormat
    self.passwords = passwords
    allowsTakeover = settings.allowsTakeover
    (self.log, warnings) = (log, SourceWarnings(log))
    gate = try SourceGate(passwords, log: log)
  }

  /// Whether a stream with these settings has such a mount.
  func suits(_ settings: StreamSettings) -> Bool {
    settings.name == stream && settings.source == .icecast && settings.sourcePasswordFile == passwords
      && settings.chosenFormat == format && settings.allowsTakeover == allowsTakeover
  }

  /// The stream has started, perhaps again. The title of the live client goes on. The sound that the queue has taken during
  /// the pause of the stream is left out. So a pause of two seconds, which the queue holds, delays the client by little.
  /// - Parameter events: gets the events of the stream.
  func attach(titles: NowPlayingMailbox, events: EventSink) {
    state.withLock { state in
      if let title = state.title {
        if state.titles?.latest == title { titles.set(title) } else { state.title = nil }
      }
      if let rest = state.rest, let sound = state.sound { sound.skip(frames: max(0, sound.look.frames - rest)) }
      (state.titles, state.events, state.rest) = (titles, events, nil)
    }
  }

  /// The stream is about to stop, and begins again with other settings.
  func pause() {
    state.withLock { $0.rest = $0.sound?.look.frames ?? 0 }
  }

  private var events: EventSink { state.withLock { $0.events } }

  /// The client that is live.
  var live: SourceClient? { state.withLock { $0.live?.client } }

  let trouble: String? = "no source client is live"

  /// The sound that the capture thread plays; nil before the first client.
  var sound: SoundQueue? { state.withLock { $0.sound } }

  /// Makes a client live.
  /// - Returns: the answer to the client instead; nil where it is live.
  func admit(_ connection: SourceConnection) -> Response? {
    let now = MonotonicTime.now
    enum Verdict {
      case ended(End)
      case inUse(SourceConnection)
      case admitted(before: SourceConnection?, old: SoundQueue?)
    }
    let verdict: Verdict = state.withLock { state in
      if let end = state.end { return .ended(end) }
      // The stream of the mount is yet to start.
      if state.titles == nil { return .ended(.mount) }
      if let live = state.live, !allowsTakeover, now - live.arrived < Self.longestPause {
        return .inUse(live)
      }
      let (before, old) = (state.live, state.sound)
      Self.forgetTitle(&state)
      (state.live, state.sound) = (connection, connection.sound)
      return .admitted(before: before, old: old)
    }
    let client = connection.client
    let (before, old): (SourceConnection?, SoundQueue?)
    switch verdict {
    case .ended(.mount): return SourceClients.unknownMount(stream)
    case .ended(.station):
      warnings.warn(.stopping, "\(client.user) from \(client.address) is refused, because the station stops")
      return .text(403, "The station stops\n")
    case .inUse(let live):
      warnings.warn(
        .mountInUse,
        """
        \(client.user) from \(client.address) is refused, because \(live.client.user) from \(live.client.address) \
        is live; --source-takeover lets a second source take over
        """)
      return .text(403, "Mountpoint in use\n")
    case .admitted(let former, let rest): (before, old) = (former, rest)
    }
    old?.close()
    before?.refuse(with: .text(403, "Another source has taken over\n"))
    log.info(
      """
      source client: \(client.user) from \(client.address) is live with \(client.format.rawValue)\
      \(client.program.isEmpty ? "" : ", by \(client.program)")\
      \(before.map { "; takes over from \($0.client.user) from \($0.client.address)" } ?? "")
      """)
    events.tell(.sourceClientConnected(user: client.user, program: client.program, format: client.format.rawValue))
    return nil
  }

  /// A client is gone.
  /// - Parameter reason: nil where the client has ended its sound.
  func leave(_ connection: SourceConnection, because reason: String?) {
    let wasLive = state.withLock { state in
      guard state.live === connection else { return false }
      state.live = nil
      Self.forgetTitle(&state)
      return true
    }
    guard wasLive else { return }
    let client = connection.client
    let line = "source client: \(client.user) from \(client.address) "
    if let reason { log.warning(line + reason) } else { log.info(line + "has ended its sound") }
    events.tell(.sourceClientGone(user: client.user, reason: reason ?? "has ended its sound"))
  }

  /// The title of a client goes with the client.
  private static func forgetTitle(_ state: inout State) {
    if let title = state.title, state.titles?.latest == title { state.titles?.set(.nothing) }
    state.title = nil
  }

  /// Removes a title that a client has set, if no other one stands.
  func remove(_ playing: NowPlaying, of connection: SourceConnection) {
    state.withLock { state in
      if state.live === connection, state.title == playing { Self.forgetTitle(&state) }
    }
  }

  /// Sets the title, if a client is live.
  func set(_ playing: NowPlaying, of connection: SourceConnection? = nil) -> Bool {
    state.withLock { state in
      guard let live = state.live, connection == nil || live === connection, let titles = state.titles else {
        return false
      }
      titles.set(playing)
      state.title = playing
      return true
    }
  }

  /// Disconnects the live client.
  /// - Returns: false where there is none.
  func disconnect() -> Bool {
    guard let live = state.withLock({ $0.live }) else { return false }
    leave(live, because: "is disconnected by an operator")
    live.refuse(with: .text(403, "An operator has disconnected you\n"))
    return true
  }

  /// The stream has no such mount any more: a client that is live is disconnected.
  func remove() {
    let (live, sound) = end(.mount)
    if let live {
      leave(live, because: "is disconnected, because its stream is gone or has other settings for source clients")
      live.refuse(with: .text(403, "The stream has changed\n"))
    }
    sound?.close()
  }

  /// The station stops.
  func stop() {
    let (live, sound) = end(.station)
    live?.endBytes()
    sound?.close()
  }

  private func end(_ end: End) -> (live: SourceConnection?, sound: SoundQueue?) {
    state.withLock { state in
      state.end = end
      return (state.live, state.sound)
    }
  }
}
