import Core
import Glibc
import HLS
import HTTP
import Logging
import Synchronization
import System

/// A line for each answer, written on a thread of its own. What a disk that is slow or full does not take is lost, and
/// counted; nobody waits for it.
final class AccessLog: Sendable {
  private struct State {
    var waiting: [(answer: FinishedExchange, arrival: WallTime)] = []
    /// Bytes they take up, more or less.
    var size = 0
    var lost = 0
    var tally = LogThrottle()
    var isToBeReopened = false
    var isStopping = false
  }

  /// Bytes of answers that may wait.
  private static let capacity = 4 << 20
  /// What one takes up beside its target.
  private static let overhead = 256
  /// Milliseconds in which lines gather, so that they are written many at a time.
  private static let pause = 20

  private let path: String
  private let log: Log
  private let state = Mutex(State())
  private let news = Semaphore()
  private let stopped = Semaphore()
  private let finished = Semaphore()

  /// Opens the file, and begins.
  /// - Parameter path: `-` is standard output.
  init(path: String, log: Log) throws(Configuration.Conflict) {
    (self.path, self.log) = (path, log)
    let file: LogFile
    do {
      file = try LogFile(path)
    } catch {
      throw Configuration.Conflict(description: "--access-log \(path): \(error.reason)")
    }
    NamedThread(name: "access log") { [self] in
      run(file)
      finished.post()
    }.detach()
  }

  /// Lines that could not be written.
  var lost: Int { state.withLock { $0.lost } }

  /// An answer is over; returns at once.
  func note(_ answer: FinishedExchange) {
    let arrival = WallTime(microseconds: Clock.wall() - answer.duration / 1000)
    let size = answer.target.count + Self.overhead
    let (isFirst, sum) = state.withLock { state -> (Bool, Int?) in
      guard state.size + size <= Self.capacity else { return (false, lose(1, &state)) }
      state.waiting.append((answer, arrival))
      state.size += size
      return (state.waiting.count == 1, nil)
    }
    if isFirst { news.post() }
    if let sum { log.warning("access log: \(path) is too slow; \(sum) lines were lost") }
  }

  /// Opens the file anew: what was there under its name was moved away, or will be.
  func reopen() {
    state.withLock { $0.isToBeReopened = true }
    news.post()
  }

  /// Writes what there is, and ends; a disk that hangs is left behind after `milliseconds`.
  func stop(milliseconds: Int) {
    state.withLock { $0.isStopping = true }
    news.post()
    stopped.post()
    finished.wait(milliseconds: milliseconds)
  }

  private func run(_ file: LogFile) {
    var file = file
    while true {
      news.wait()
      stopped.wait(milliseconds: Self.pause)
      let (waiting, isToBeReopened, isStopping) = state.withLock { state in
        defer { (state.waiting, state.size, state.isToBeReopened) = ([], 0, false) }
        return (state.waiting, state.isToBeReopened, state.isStopping)
      }
      write(waiting.map { CommonLog.line($0.answer, at: $0.arrival) }, to: &file)
      if isToBeReopened {
        do {
          try file.reopen()
        } catch {
          log.error("reload: --access-log \(error); it goes on where it was")
        }
      }
      if isStopping { return }
    }
  }

  private func write(_ lines: [String], to file: inout LogFile) {
    do throws(LogFile.Failure) {
      try file.append(lines)
    } catch {
      let sum = state.withLock { lose(error.lines, &$0) }
      if let sum { log.warning("access log: \(error.cause); \(sum) lines were lost") }
    }
  }

  /// - Returns: how many to tell of, where it is time to.
  private func lose(_ lines: Int, _ state: inout State) -> Int? {
    state.lost += lines
    return state.tally.add(lines, now: Clock.monotonic())
  }
}
