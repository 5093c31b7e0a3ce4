import Audio
import HLS
import Synchronization

/// Keeps a stream's folder the same as its ring, on a thread of its own: the ten-file cycle and the playlist beside it.
///
/// The folder is a valid HLS stream at every moment: files get their names whole, the playlist names only files that
/// are there, and there are never more segments than the playlist lists at most. Whatever fails is logged once and
/// tried again; it costs the listeners nothing.
final class SegmentFiles: Sendable {
  private static let retryMilliseconds = 1000
  private static let slowNanoseconds = 1_000_000_000

  private struct Wanted {
    var ring: Ring
    var edition: Int
  }

  private struct State {
    var wanted: Wanted?
    /// The latest edition that has reached the folder.
    var stored = 0
    var stopping = false
  }

  private let folder: Folder
  private let playlistName: String
  private let log: Log
  private let onStored: @Sendable (Int) -> Void
  private let state = Mutex(State())
  private let wake = Semaphore()
  private let wrote = Semaphore()
  private let finished = Semaphore()

  /// - Parameters:
  ///   - present: numbers of the segments that are in the folder already.
  ///   - onStored: called on the writer's thread with each edition that has reached the folder.
  init(
    folder: Folder, playlistName: String, present: [Int], log: Log, onStored: @escaping @Sendable (Int) -> Void
  ) {
    (self.folder, self.playlistName, self.log, self.onStored) = (folder, playlistName, log, onStored)
    NamedThread(name: "disk") { [self] in
      run(present: Set(present))
      finished.post()
    }.detach()
  }

  /// Asks for the folder to become like `ring`; returns at once. Only the latest wish counts.
  func want(_ ring: Ring, edition: Int) {
    state.withLock { $0.wanted = Wanted(ring: ring, edition: edition) }
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
    if !finished.wait(milliseconds: milliseconds) {
      log.warning("disk: \(folder.path) hangs; its last segments were not written")
    }
  }

  private func run(present: Set<Int>) {
    var present = present
    var (failing, slow) = (false, false)
    while true {
      let (wanted, stored, stopping) = state.withLock { ($0.wanted, $0.stored, $0.stopping) }
      guard let wanted, wanted.edition != stored else {
        if stopping { return }
        wake.wait()
        continue
      }
      let began = Clock.monotonic()
      do {
        try write(wanted.ring, present: &present)
        failing = reportRecovered(failing)
        state.withLock { $0.stored = wanted.edition }
        onStored(wanted.edition)
        wrote.post()
      } catch {
        if !failing { log.error("disk: \(error); listeners are served from memory, and it is tried again") }
        failing = true
        if stopping { return }
        wake.wait(milliseconds: Self.retryMilliseconds)
      }
      slow = reportSlow(Clock.monotonic() - began, before: slow)
    }
  }

  /// Brings the folder to `ring` step by step, so that its playlist holds good after each.
  private func write(_ ring: Ring, present: inout Set<Int>) throws(FileError) {
    try folder.create()
    // Somebody may have removed files, or the folder.
    present.formIntersection(try folder.files().compactMap(Segment.sequence(ofName:)))
    let listed = ring.listed.suffix(ring.capacity)
    let new = listed.filter { !present.contains($0.sequence) }
    for segment in new { try folder.prepare(segment.name, segment.bytes) }

    let stale = present.subtracting(listed.map(\.sequence)).sorted()
    let staying = ring.playlist(of: listed.filter { present.contains($0.sequence) })
    if !stale.isEmpty, !staying.entries.isEmpty { try write(staying) }
    for sequence in stale {
      try folder.remove("\(sequence).mp3")
      present.remove(sequence)
    }
    for segment in new {
      try folder.commit(segment.name)
      present.insert(segment.sequence)
    }
    try write(ring.playlist(of: listed))
  }

  private func write(_ playlist: Playlist) throws(FileError) {
    try folder.replace(playlistName, Array(playlist.text().utf8))
  }

  private func reportRecovered(_ failing: Bool) -> Bool {
    if failing { log.info("disk: \(folder.path) is written again") }
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
