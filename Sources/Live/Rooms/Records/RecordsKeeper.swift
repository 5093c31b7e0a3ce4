import Logging
import Rooms
import Synchronization
import System

/// Keeps the decisions of the rooms' hosts over a restart: reads them at the start, and writes them on a thread of its own,
/// so that a disk that is full or hangs disturbs no room.
final class RecordsKeeper: Sendable {
  /// The pause before a file that the disk did not take is written again.
  private static let retry = Duration.seconds(10)

  /// The decisions of before the start.
  let restored: RoomRecords
  private let file: RecordsFile
  private let log: Log
  /// Later decisions replace those that wait.
  private let worker = Worker(name: "room-records", inbox: RoomRecords?.none)
  private let health = Mutex(DiskHealth())

  /// Reads the file, and starts the thread.
  init(_ file: RecordsFile, log: Log) {
    (self.file, self.log) = (file, log)
    do {
      restored = try file.read()
    } catch {
      log.warning("rooms: \(file.path) cannot be read (\(error)); bans, mutes and locks of before are forgotten")
      restored = RoomRecords()
    }
    worker.start(with: RoomRecords?.none) { [self] waiting, posted in
      waiting = posted ?? waiting
      guard let records = waiting else { return .untilPost }
      guard write(records) else { return .untilPostOr(Self.retry) }
      waiting = nil
      return .untilPost
    }
  }

  /// Keeps these decisions in place of those before; returns at once.
  func keep(_ records: RoomRecords) {
    worker.post { $0 = records }
  }

  /// Writes what waits, and ends.
  /// - Parameter timeout: the longest wait for a disk that hangs.
  func stop(within timeout: Duration) {
    worker.stop(within: timeout)
  }

  /// - Returns: whether the disk has taken everything.
  private func write(_ records: RoomRecords) -> Bool {
    do {
      try file.write(records)
      if health.withLock({ $0.succeeds(now: .now) }) != nil { log.info("rooms: \(file.path) is written again") }
      return true
    } catch {
      if health.withLock({ $0.fails(now: .now) }) {
        log.error("rooms: \(error); a restart now would forget bans, mutes and locks")
      }
      return false
    }
  }
}
