import Audio
import HLS
import Synchronization

/// Keeps a stream's folder the same as its ring, on a thread of its own. Whatever fails is logged once and tried again; it
/// costs the listeners nothing.
final class SegmentFiles: Sendable {
  private static let retryMilliseconds = 1000
  private static let slowNanoseconds = 1_000_000_000

  private struct Wanted {
    var ring: Ring
    var open: OpenSegment
    var edition: Int
    /// Counts up with each wish.
    var number: Int
  }

  private struct State {
    var wanted: Wanted?
    /// The latest edition that has reached the folder.
    var stored = 0
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
  ///   - present: numbers of the segments that are in the folder already.
  ///   - onStored: called on the writer's thread with each edition that has reached the folder.
  init(
    folder: Folder, playlistName: String, present: [Int], log: Log, onStored: @escaping @Sendable (Int) -> Void
  ) {
    (path, self.log, self.onStored) = (folder.path, log, onStored)
    let copy = FolderCopy(folder: folder, playlistName: playlistName, present: present)
    NamedThread(name: "disk") { [self] in
      run(copy)
      finished.post()
    }.detach()
  }

  /// Asks for the folder to become like `ring`, with what there is of the segment at hand beside it; returns at once.
  /// Only the latest wish counts.
  func want(_ ring: Ring, _ open: OpenSegment, edition: Int) {
    state.withLock {
      $0.wanted = Wanted(ring: ring, open: open, edition: edition, number: ($0.wanted?.number ?? 0) + 1)
    }
    wake.post()
  }

  /// Waits until that edition has reached the folder, at most so long.
  func settle(edition: Int, milliseconds: Int) {
    while state.withLock({ $0.stored < edition }), wrote.wait(milliseconds: milliseconds) {}
  }

  /// Lets what was wanted reach the folder, and ends; a disk that hangs is left behind after `milliseconds`.
  func stop(milliseconds: Int) {
    state.withLock { $0.stopping = true }
    wake.post()
    stopped.post()
    if !finished.wait(milliseconds: milliseconds) {
      log.warning("disk: \(path) hangs; its last segments were not written")
    }
  }

  private func run(_ copy: FolderCopy) {
    var copy = copy
    var (done, failing, slow) = (0, false, false)
    while true {
      let (wanted, stopping) = state.withLock { ($0.wanted, $0.stopping) }
      guard let wanted, wanted.number != done else {
        if stopping { return }
        wake.wait()
        continue
      }
      let began = Clock.monotonic()
      do {
        try copy.update(wanted.ring, wanted.open)
        done = wanted.number
        failing = reportRecovered(failing)
        report(stored: wanted.edition)
      } catch {
        if !failing { log.error("disk: \(error); listeners are served from memory, and it is tried again") }
        failing = true
        if stopping || stopped.wait(milliseconds: Self.retryMilliseconds) { return }
        continue
      }
      slow = reportSlow(Clock.monotonic() - began, before: slow)
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

  private func reportRecovered(_ failing: Bool) -> Bool {
    if failing { log.info("disk: \(path) is written again") }
    return false
  }

  private func reportSlow(_ nanoseconds: Int, before: Bool) -> Bool {
    let slow = nanoseconds > Self.slowNanoseconds
    if slow, !before {
      log.warning("disk: writing took \(nanoseconds / 1_000_000) ms; listeners are served from memory")
    }
    return slow
  }
}
