import Core
import HTTP
import System

/// A running stream, as the rest of the program sees it. `StreamBuilder` makes one.
final class LiveStream: Sendable {
  /// The stream's folder, while the stream runs.
  struct Storage: Sendable {
    let writer: FolderWriter
    let traces: StreamFolder.Traces
  }

  /// The longest time that `stop` waits for the capture thread, and for the folder.
  private static let captureTimeout = Duration.seconds(1)
  private static let folderTimeout = Duration.milliseconds(500)

  /// The longest time that a request is held.
  let holdTimeout: Duration
  private let details: StreamDescription
  let audience: Audience
  private let shared: SharedStreamState
  private let storage: Storage
  private let nowPlayingFile: NowPlayingFile?
  private let stopSignal = StopSignal()
  private let ended = Semaphore()

  /// - Parameter holdTimeout: the longest time that a request is held.
  init(
    _ description: StreamDescription, for audience: Audience, holdTimeout: Duration, shared: SharedStreamState,
    storage: Storage, nowPlayingFile: NowPlayingFile?
  ) {
    details = description
    self.audience = audience
    self.holdTimeout = holdTimeout
    self.shared = shared
    self.storage = storage
    self.nowPlayingFile = nowPlayingFile
  }

  /// Starts the capture thread. To be called once.
  /// - Parameter onEnd: called on the capture thread when the stream is over and was not stopped.
  func run(_ loop: CaptureLoop, onEnd: @escaping @Sendable (StreamEnd) -> Void) {
    NamedThread(name: "capture") { [stopSignal, ended] in
      let end = loop.run(stop: stopSignal)
      ended.post()
      if end != .stopped { onEnd(end) }
    }.detach()
  }

  /// Stops the capture, publishes the sound that is encoded and leaves the folder valid. It takes at most one and a half
  /// seconds, whatever hangs.
  func stop() {
    stopSignal.raise()
    nowPlayingFile?.stop()
    let hasEnded = ended.wait(atMost: Self.captureTimeout)
    let isStored = storage.writer.stop(within: Self.folderTimeout)
    if hasEnded, isStored { storage.traces.remove() }
  }

  var name: StreamName { details.name }

  /// The latest edition that listeners can get; nil before the first sound.
  var edition: Edition? { shared.latest.edition }

  /// Looks for a disk that hangs. To be called each second or so.
  func look(at now: MonotonicTime) { nowPlayingFile?.checkDisk(at: now) }

  /// The place in the stream of the sound that the source gives at this moment; nil before the first sound. Any thread may
  /// ask, and the capture does not wait for the answer.
  var position: LiveEdge.Position? { position(at: .now) }

  /// The same for another moment: at most a second after the newest block of sound, and not before it.
  func position(at moment: MonotonicTime) -> LiveEdge.Position? { shared.edge.position(at: moment) }

  /// Samples per second of the encoded stream, by which positions are counted.
  var sampleRate: Int { shared.edge.rate }

  /// The place where operators say what plays.
  var nowPlaying: NowPlayingMailbox { shared.nowPlaying }

  /// A number that grows while sound comes in; nil if the source may give no sound for a while, or has ended.
  var progress: Int? { details.source != .stdin && edition?.ended != true ? shared.latest.position : nil }

  /// The description for the page (`live.json`), with the server's time, by which a page corrects its own clock.
  /// - Parameter headers: fields that are added to the answer.
  func description(headers: [(name: String, value: String)] = []) -> Representation {
    let now = WallTime.now
    return .news(
      .object(members + [("now", .string(now.text))]), at: now,
      cacheControl: audience.caches == .all ? audience.anew(sharedFor: 1) : "no-store",
      headers: audience.headers + headers)
  }

  /// The members of the description, as everybody who may listen gets them.
  var members: [(String, JSON)] {
    details.members(
      health: shared.source.health, fault: shared.source.notice, hasEnded: edition?.ended ?? false)
  }

  var figures: StreamFigures {
    let source = shared.source.health
    return StreamFigures(
      kind: details.kind(health: source).rawValue, source: source,
      filled: Duration.samples(source.filled, rate: details.sourceRate).seconds, production: shared.encoding.figures,
      ring: edition?.ringFigures ?? RingFigures(), disk: storage.writer.figures)
  }
}
