import Core
import HLS
import HTTP
import Logging
import Synchronization
import System

/// Writes a line for each answer, on a thread of its own, so that no server thread waits for a disk. Lines that a slow or
/// full disk does not take are lost, and counted.
final class AccessLog: Sendable {
  private struct Inbox: Sendable {
    var waiting: [(answer: FinishedExchange, arrival: WallTime)] = []
    /// Bytes of memory that `waiting` takes, estimated.
    var size = 0
    var isToBeReopened = false
  }

  private struct Losses: Sendable {
    var count = 0
    var throttle = LogThrottle()
  }

  /// Bytes of answers that may wait.
  private static let capacity = 4 << 20
  /// Bytes that a waiting answer takes beside its target.
  private static let overhead = 256
  /// From one write to the next: lines gather in between, so that one write takes many of them.
  private static let pause = Duration.milliseconds(20)

  private let path: String
  /// The name of the setting, as messages spell it.
  private let label: String
  /// Whether a word is one that the log must not show.
  private let isSecret: @Sendable (String) -> Bool
  private let log: Log
  private let worker = Worker(name: "access log", inbox: Inbox())
  private let losses = Mutex(Losses())

  /// Opens the file, and starts the thread.
  /// - Parameters:
  ///   - path: `-` is standard output.
  ///   - isSecret: whether a word must not appear in the log; called on the log's own thread.
  init(
    path: String, label: String = SettingKey.accessLog.rawValue,
    isSecret: @escaping @Sendable (String) -> Bool = { _ in false }, log: Log
  ) throws(InvalidInput) {
    self.path = path
    self.label = label
    self.isSecret = isSecret
    self.log = log
    let file: LogFile
    do {
      file = try LogFile(path)
    } catch {
      throw InvalidInput(.accessLog, path, SettingText(error.reason))
    }
    worker.start(with: file) { [self] file, posted in
      write(posted, to: &file)
      return .pause(Self.pause)
    }
  }

  /// Lines that could not be written.
  var lost: Int { losses.withLock { $0.count } }

  /// Adds a line for an answer that is over; returns at once.
  func note(_ answer: FinishedExchange) {
    let arrival = WallTime(microseconds: Clock.wall() - answer.duration.microseconds)
    let size = answer.request.target.count + Self.overhead
    let hasRoom = worker.post { inbox in
      guard inbox.size + size <= Self.capacity else { return false }
      inbox.waiting.append((answer, arrival))
      inbox.size += size
      return true
    }
    if !hasRoom { lose(1, "\(path) is too slow") }
  }

  /// Opens the path again: somebody has moved the file away, or is about to.
  func reopen() {
    worker.post { $0.isToBeReopened = true }
  }

  /// Writes the waiting lines, and ends.
  /// - Parameter timeout: the longest wait for a disk that hangs.
  func stop(within timeout: Duration) {
    worker.stop(within: timeout)
  }

  private func write(_ posted: Inbox, to file: inout LogFile) {
    do throws(LogFile.Failure) {
      try file.append(posted.waiting.map { CommonLog.line($0.answer, at: $0.arrival, isSecret: isSecret) })
    } catch {
      lose(error.lines, "\(error.cause)")
    }
    guard posted.isToBeReopened else { return }
    do {
      try file.reopen()
    } catch {
      log.error("reload: \(label) \(error); lines still go to the file that was open")
    }
  }

  private func lose(_ lines: Int, _ reason: @autoclosure () -> String) {
    let sum = losses.withLock { losses in
      losses.count += lines
      return losses.throttle.add(lines, now: .now)
    }
    if let sum { log.warning("access log: \(reason()); \(sum) lines were lost") }
  }
}
