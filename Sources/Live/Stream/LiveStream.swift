import Core
import HTTP
import Pictures
import Synchronization
import System

/// A running stream, as the rest of the program sees it. `StreamBuilder` makes one.
final class LiveStream: Sendable {
  /// The stream's folder, while the stream runs.
  struct Storage: Sendable {
    let writer: FolderWriter
    let traces: StreamFolder.Traces
    /// Nil if the stream is not recorded.
    let recorder: Recorder?
  }

  /// The longest time that `stop` waits for the capture thread, for the folder, and then for the recorder.
  private static let captureTimeout = Duration.seconds(1)
  private static let folderTimeout = Duration.milliseconds(500)
  /// The recorder writes at the same time as the folder's writer.
  static let recorderTimeout = Duration.milliseconds(200)

  /// The longest time that a request is held.
  let holdTimeout: Duration
  private let details: StreamDescription
  let audience: Audience
  private let shared: SharedStreamState
  private let storage: Storage
  private let nowPlayingFile: NowPlayingFile?
  private let camera: CameraThread?
  private let stopSignal = StopSignal()
  private let ended = Semaphore()
  /// Whether `onEnd` was called, or is not to be called any more.
  private let isEndTold = Atomic(false)
  private let hasLeftFolder = Atomic(false)

  /// - Parameter holdTimeout: the longest time that a request is held.
  init(
    _ description: StreamDescription, for audience: Audience, holdTimeout: Duration, shared: SharedStreamState,
    storage: Storage, nowPlayingFile: NowPlayingFile?, camera: CameraThread? = nil
  ) {
    details = description
    self.audience = audience
    self.holdTimeout = holdTimeout
    self.shared = shared
    self.storage = storage
    self.nowPlayingFile = nowPlayingFile
    self.camera = camera
  }

  /// Starts the capture thread. To be called once.
  /// - Parameter onEnd: called on the capture thread when the stream is over and was not stopped.
  func run(_ loop: CaptureLoop, onEnd: @escaping @Sendable (StreamEnd) -> Void) {
    NamedThread(name: "capture") { [self] in
      let end = loop.run(stop: stopSignal)
      // Without sound there are no pictures.
      shared.pictures.finish()
      ended.post()
      if end != .stopped, !isEndTold.exchange(true, ordering: .relaxed) { onEnd(end) }
    }.detach()
  }

  /// From now on, nobody is told the end of the stream.
  /// - Returns: false where somebody has been told.
  func keepEndUntold() -> Bool { !isEndTold.exchange(true, ordering: .relaxed) }

  /// Stops the capture, publishes the sound that is encoded and leaves the folder valid. It takes at most 1.7 seconds,
  /// whatever hangs, with the default of `recorderTimeout`.
  /// - Parameters:
  ///   - isForGood: whether the playlists end, as at the end of an input; else the stream goes on after the next start.
  ///   - recorderTimeout: the longest wait for the recorder, if the station has time.
  func stop(isForGood: Bool = false, recorderWithin recorderTimeout: Duration = LiveStream.recorderTimeout) {
    stopSignal.raise(isForGood: isForGood)
    nowPlayingFile?.stop()
    camera?.stop()
    let hasEnded = hasEnded(within: Self.captureTimeout)
    storage.recorder?.end()
    let isStored = storage.writer.stop(within: Self.folderTimeout)
    storage.recorder?.stop(within: recorderTimeout)
    // The traces may be those of another run by now.
    if hasEnded, isStored, !hasLeftFolder.load(ordering: .relaxed) { storage.traces.remove() }
    leaveFolder(within: .zero)
  }

  /// Gives up the folder of a stream that is stopped, whether or not the folder has the last sound, so that another run of
  /// the stream may take the folder. A thread of this run that still hangs might write there later: then the stream keeps
  /// the folder.
  /// - Parameter timeout: the longest wait for the capture thread, and then for the folder.
  /// - Returns: whether the folder is free.
  @discardableResult
  func leaveFolder(within timeout: Duration) -> Bool {
    guard hasEnded(within: timeout), storage.writer.hasEnded(within: timeout) else { return false }
    hasLeftFolder.store(true, ordering: .relaxed)
    storage.traces.release()
    return true
  }

  /// Whether the capture thread has ended.
  private func hasEnded(within timeout: Duration) -> Bool {
    guard ended.wait(atMost: timeout) else { return false }
    // For others who wait.
    ended.post()
    return true
  }

  /// Ends the answers that follow the stream, once it is stopped: another run of the stream takes its place.
  func dismissFollowers() {
    edition?.recording.body.finish()
    shared.pictures.finish()
  }

  var settings: StreamSettings { details.settings }

  var name: StreamName { details.name }

  /// Nil if the stream is not recorded.
  var recorder: Recorder? { storage.recorder }

  /// The latest edition that listeners can get; nil before the first sound.
  var edition: Edition? { shared.latest.edition }

  /// Looks for a disk that hangs. To be called each second or so.
  func look(at now: MonotonicTime) { nowPlayingFile?.checkDisk(at: now) }

  /// The place in the stream of the sound that the source gives at this moment; nil before the first sound. Any thread may
  /// ask, and the capture does not wait for the answer.
  var position: LiveEdge.Position? { position(at: .now) }

  /// The same for another moment: at most a second after the newest block of sound, and not before it.
  func position(at moment: MonotonicTime) -> LiveEdge.Position? { shared.edge.position(at: moment) }

  /// Shows a picture with the sound that the source gave, or will give, at a moment. Any thread may call.
  func show(_ still: JPEGStill, at moment: MonotonicTime) { shared.show(still, at: moment) }

  /// The reply to a request for pictures.
  /// - Parameter mayWait: whether the request may be held.
  func pictures(_ request: Request, _ resource: PictureResource, mayWait: Bool) -> Reply {
    shared.pictures.reply(to: request, for: resource, at: shared.latest.position, mayWait: mayWait)
  }

  /// Samples per second of the encoded stream, by which positions are counted.
  var sampleRate: Int { shared.edge.rate }

  /// The sound that listeners hear now.
  var state: StreamState {
    let edition = edition
    return StreamState(
      shared.source.health, details.settings, hasSound: edition != nil, hasEnded: edition?.ended ?? false)
  }

  /// The place where operators say what plays.
  var nowPlaying: NowPlayingMailbox { shared.nowPlaying }

  /// A number that grows while sound comes in; nil if the source may give no sound for a while, or has ended.
  var progress: Int? { details.source != .stdin && edition?.ended != true ? shared.latest.position : nil }

  /// The description for the page (`live.json`), with the server's time, by which a page corrects its own clock.
  /// - Parameters:
  ///   - needsToken: whether a listener needs a token.
  ///   - headers: fields that are added to the answer.
  func description(needsToken: Bool, headers: [(name: String, value: String)] = []) -> Representation {
    let now = WallTime.now
    let token: [(String, JSON)] = needsToken ? [("needsToken", .bool(true))] : []
    return .news(
      .object(members + token + [("now", .string(now.text))]), at: now,
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
