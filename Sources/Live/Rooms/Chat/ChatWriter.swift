import Logging
import Rooms
import Synchronization
import System

/// Writes the chat of the rooms to the disk, on a thread of its own: a disk that is full or hangs disturbs no room. Lines
/// that the disk does not take are lost, and the log says so.
final class ChatWriter: Sendable {
  private struct Inbox: Sendable {
    var lines: [RoomName: [String]] = [:]
    var bytes = 0
    var removed: Set<RoomName> = []
  }

  /// Bytes of lines that wait for the disk.
  private static let capacity = 4 << 20

  private let folder: ChatFolder
  private let log: Log
  private let worker = Worker(name: "chat", inbox: Inbox())
  private let health = Mutex(DiskHealth())

  /// Starts the thread.
  init(_ folder: ChatFolder, log: Log) {
    (self.folder, self.log) = (folder, log)
    worker.start(with: ()) { [self] _, posted in
      for room in posted.removed { try? folder.remove(room) }
      for (room, lines) in posted.lines { write(lines, of: room) }
      return .untilPost
    }
  }

  /// Adds a line to the chat of a room; returns at once.
  func append(_ line: String, to room: RoomName) {
    let isTaken = worker.post { inbox in
      guard inbox.bytes + line.utf8.count <= Self.capacity else { return false }
      inbox.bytes += line.utf8.count
      inbox.lines[room, default: []].append(line)
      return true
    }
    if !isTaken { report("writing to \(folder.path) takes too long") }
  }

  /// Removes the chat of a room; returns at once.
  func remove(_ room: RoomName) {
    worker.post { inbox in
      inbox.removed.insert(room)
      inbox.bytes -= (inbox.lines.removeValue(forKey: room) ?? []).reduce(0) { $0 + $1.utf8.count }
    }
  }

  /// Writes what waits, and ends.
  /// - Parameter timeout: the longest wait for a disk that hangs.
  func stop(within timeout: Duration) {
    worker.stop(within: timeout)
  }

  private func write(_ lines: [String], of room: RoomName) {
    do {
      try folder.append(lines, to: room)
      if health.withLock({ $0.succeeds(now: .now) }) != nil {
        log.info("rooms: the chat is written to \(folder.path) again")
      }
    } catch {
      report("\(error)")
    }
  }

  private func report(_ reason: String) {
    if health.withLock({ $0.fails(now: .now) }) {
      log.error("rooms: \(reason); the chat goes on, but the disk does not keep all of it")
    }
  }
}
