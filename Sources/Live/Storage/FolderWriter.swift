import HLS
import Logging
import Synchronization
import System

/// Keeps a stream's folder the same as its ring, on a thread of its own. A write that fails or hangs is logged once and
/// tried again. Listeners are served from memory and notice nothing.
final class FolderWriter: Sendable {
  struct Figures: Sendable {
    /// Attempts to write that have failed.
    var errors = 0
    /// Whether the disk has neither failed nor been slow in the last ten seconds.
    var isWell = true
  }

  private static let retryPause = Duration.seconds(1)

  /// A state that the folder is to reach.
  private struct Goal: Sendable {
    let ring: Ring
    let played: PlayedTitles
    let edition: Int
  }

  private struct Tools: Sendable {
    var mirror: FolderMirror
    /// The goal that the folder has not reached yet.
    var goal: Goal?
  }

  private struct State {
    /// The latest edition that was asked for, and the latest that has reached the folder.
    var (wanted, stored) = (0, 0)
    /// The start of the write in progress.
    var began: MonotonicTime?
    var health = DiskHealth()
    var errors = 0
  }

  private let path: String
  private let log: Log
  private let events: EventSink
  private let onStored: @Sendable (Int) -> Void
  private let state = Mutex(State())
  private let worker = Worker<Goal?>(name: "disk", inbox: nil)
  private let wrote = Semaphore()

  /// - Parameters:
  ///   - path: of the folder.
  ///   - onStored: called on the writer's thread with each edition that has reached the folder.
  init(
    _ mirror: FolderMirror, path: String, log: Log, events: EventSink = .none,
    onStored: @escaping @Sendable (Int) -> Void
  ) {
    self.path = path
    self.log = log
    self.events = events
    self.onStored = onStored
    worker.start(with: Tools(mirror: mirror)) { [self] tools, posted in
      tools.goal = posted ?? tools.goal
      guard let goal = tools.goal else { return .untilPost }
      guard write(goal, to: &tools.mirror) else { return .pause(Self.retryPause) }
      tools.goal = nil
      return .untilPost
    }
  }

  var figures: Figures { state.withLock { Figures(errors: $0.errors, isWell: !$0.health.isTroubled) } }

  /// Asks for the folder to become like `ring`; returns at once. A later goal replaces one that is not reached yet.
  func want(_ ring: Ring, _ played: PlayedTitles = PlayedTitles(), edition: Int) {
    let hangs = state.withLock { state in
      state.wanted = edition
      // A thread that hangs in a write cannot say so.
      guard let began = state.began, .now - began > DiskHealth.writeTimeout else { return false }
      return state.health.fails(now: .now)
    }
    if hangs { complainOfSlowness() }
    worker.post { $0 = Goal(ring: ring, played: played, edition: edition) }
  }

  /// Waits until an edition has reached the folder.
  /// - Parameter timeout: the longest wait for the next edition to arrive there.
  func settle(edition: Int, within timeout: Duration) {
    while state.withLock({ $0.stored < edition }), wrote.wait(atMost: timeout) {}
  }

  /// Lets the last goal reach the folder, and ends.
  /// - Parameter timeout: the longest wait for a disk that hangs.
  /// - Returns: whether the folder has reached the last goal.
  @discardableResult
  func stop(within timeout: Duration) -> Bool {
    guard worker.stop(within: timeout) else {
      log.warning("disk: \(path) hangs; its last segments were not written")
      return false
    }
    return state.withLock { $0.stored == $0.wanted }
  }

  /// Whether the thread has ended after `stop`, so that nothing writes to the folder any more.
  /// - Parameter timeout: the longest wait for a disk that hangs.
  func hasEnded(within timeout: Duration) -> Bool { worker.stop(within: timeout) }

  /// - Returns: whether the folder has reached the goal.
  private func write(_ goal: Goal, to mirror: inout FolderMirror) -> Bool {
    state.withLock { $0.began = .now }
    do {
      try mirror.update(goal.ring, goal.played)
    } catch {
      if reportFailure() {
        log.error("disk: \(error); listeners are served from memory, and the write is tried again")
        events.tell(.diskFailed(reason: "\(error)"))
      }
      return false
    }
    report(stored: goal.edition)
    reportEnd()
    return true
  }

  private func report(stored edition: Int) {
    let isNew = state.withLock { state in
      defer { state.stored = edition }
      return state.stored != edition
    }
    guard isNew else { return }
    onStored(edition)
    wrote.post()
  }

  private func reportFailure() -> Bool {
    state.withLock { state in
      state.began = nil
      state.errors += 1
      return state.health.fails(now: .now)
    }
  }

  private func reportEnd() {
    let now = MonotonicTime.now
    let (isNewlySlow, trouble): (Bool, Duration?) = state.withLock { state in
      let wasSlow = now - (state.began ?? now) > DiskHealth.writeTimeout
      state.began = nil
      return wasSlow ? (state.health.fails(now: now), nil) : (false, state.health.succeeds(now: now))
    }
    if isNewlySlow { complainOfSlowness() }
    guard let trouble else { return }
    log.info("disk: \(path) is written again")
    events.tell(.diskRecovered(after: trouble))
  }

  private func complainOfSlowness() {
    log.warning("disk: writing to \(path) takes more than a second; listeners are served from memory")
    events.tell(.diskFailed(reason: "writing takes more than a second"))
  }
}
