import Synchronization

/// The latest lines of the log, for the operators' page.
package final class LogTail: Sendable {
  package static let length = 100

  private let state = Mutex<[LogEntry]>([])

  func append(_ entry: LogEntry) {
    state.withLock { entries in
      entries.append(entry)
      if entries.count > Self.length { entries.removeFirst() }
    }
  }

  /// The oldest line first.
  package var entries: [LogEntry] { state.withLock { $0 } }
}
