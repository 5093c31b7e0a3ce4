import HLS
import Logging
import Synchronization
import System

/// Keeps a stream's folder the same as its ring, on a thread of its own. Whatever fails or hangs is logged once and tried
/// again; it costs the listeners nothing.
final class FolderWriter: Sendable {
  struct Figures: Sendable {
    /// Attempts to write that have failed.
    var errors = 0
    /// Whether the disk has neither failed nor been slow in the last ten seconds.
    var isWell = true
  }

  private static let retryMilliseconds = 1000

  private struct Wanted {
    var ring: Ring
    var edition: Int
    /// Counts up with each wish.
    var number: Int
  }

  private struct State {
    var wanted: Wanted?
    /// The latest edition that has reached the folder.
    var stored = 0
    /// When the write at hand began, in monotonic nanoseconds.
    var began: Int?
    var watch = DiskHealth()
    var errors = 0
    var stopping = false
  }

  private let path: String
  private let log: Log
  private let onStored: @Sendable (Int) -> Void
  private let state = Mutex(State())
  private let wake = Semaphore()
  private let stopped = Semaphore()
  private let wrote = Semaphore()
  private let finished = Semaphore()

  /// - Parameters:
  ///   - present: the segments that are in the folder already.
  ///   - onStored: called on the writer's thread with each edition that has reached the folder.
  init(
    folder: Folder, playlistName: String, present: [SegmentName], log: Log, onStored: @escaping @Sendable (Int) -> Void
  ) {
    (path, self.log, self.onStored) = (folder.path, log, onStored)
    let copy = FolderMirror(folder: folder, playlistName: playlistName, present: present)
    NamedThread(name: "disk") { [self] in
      run(copy)
      finished.post()
    }.detach()
  }

  var figures: Figures { state.withLock { Figures(errors: $0.errors, isWell: !$0.watch.isTroubled) } }

  /// Asks for the folder to become like `ring`; returns at once. Only the latest wish counts.
  func want(_ ring: Ring, edition: Int) {
    let hangs = state.withLock { state in
      state.wanted = Wanted(ring: ring, edition: edition, number: (state.wanted?.number ?? 0) + 1)
      // The writer can't say so itself.
      guard let began = state.began, Clock.monotonic() - began > DiskHealth.patience else { return false }
      return state.watch.fails(now: Clock.monotonic())
    }
    if hangs { complainOfSlowness() }
    wake.post()
  }

  /// Waits until that edition has reached the folder, at most so long.
  func settle(edition: Int, milliseconds: Int) {
    while state.withLock({ $0.stored < edition }), wrote.wait(milliseconds: milliseconds) {}
  }

  /// Lets what was wanted reach the folder, and ends; a disk that hangs is left behind after `milliseconds`.
  /// - Returns: whether the folder holds all that was wanted.
  @discardableResult
  func stop(milliseconds: Int) -> Bool {
    state.withLock { $0.stopping = true }
    wake.post()
    stopped.post()
    guard finished.wait(milliseconds: milliseconds) else {
      log.warning("disk: \(path) hangs; its last segments were not written")
      return false
    }
    return state.withLock { $0.stored == $0.wanted?.edition ?? 0 }
  }

  private func run(_ copy: FolderMirror) {
    var copy = copy
    var done = 0
    while true {
      let (wanted, stopping) = state.withLock { ($0.wanted, $0.stopping) }
      guard let wanted, wanted.number != done else {
        if stopping { return }
        wake.wait()
        continue
      }
      state.withLock { $0.began = Clock.monotonic() }
      do {
        try copy.update(wanted.ring)
        done = wanted.number
        report(stored: wanted.edition)
        reportEnd()
      } catch {
        if reportFailure() { log.error("disk: \(error); listeners are served from memory, and it is tried again") }
        if stopping || stopped.wait(milliseconds: Self.retryMilliseconds) { return }
      }
    }
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
      return state.watch.fails(now: Clock.monotonic())
    }
  }

  private func reportEnd() {
    let now = Clock.monotonic()
    let (wasSlow, isNews) = state.withLock { state in
      let wasSlow = now - (state.began ?? now) > DiskHealth.patience
      state.began = nil
      return (wasSlow, wasSlow ? state.watch.fails(now: now) : state.watch.succeeds(now: now))
    }
    if isNews, wasSlow { complainOfSlowness() }
    if isNews, !wasSlow { log.info("disk: \(path) is written again") }
  }

  private func complainOfSlowness() {
    log.warning("disk: writing to \(path) takes more than a second; listeners are served from memory")
  }
}
