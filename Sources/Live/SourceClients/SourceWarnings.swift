import Logging
import Synchronization
import System

/// Logs the troubles with source clients that anybody can cause: each kind at once, and then at most once a minute.
final class SourceWarnings: Sendable {
  enum Kind {
    case unknownMount, invalidField, refusedType, mountInUse, stopping
  }

  private let log: Log
  private let throttles = Mutex<[Kind: LogThrottle]>([:])

  init(_ log: Log) {
    self.log = log
  }

  /// - Parameter text: the sentence behind "source client: ".
  func warn(_ kind: Kind, _ text: String, now: MonotonicTime = .now) {
    guard let count = throttles.withLock({ $0[kind, default: LogThrottle()].add(1, now: now) }) else { return }
    log.warning("source client: \(text)\(count == 1 ? "" : " (the last of \(count) such requests)")")
  }
}
