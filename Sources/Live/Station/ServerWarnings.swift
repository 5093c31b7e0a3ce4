import Glibc
import HTTP
import Logging
import Synchronization
import System

/// Puts into the log what the server has trouble with, each kind at once and then once a minute at most.
final class ServerWarnings: Sendable {
  private struct State {
    var (surplus, crowded, starved, late) = (LogThrottle(), LogThrottle(), LogThrottle(), LogThrottle())
  }

  private let log: Log
  private let limits: Server.Limits
  private let state = Mutex(State())

  init(_ limits: Server.Limits, log: Log) {
    (self.limits, self.log) = (limits, log)
  }

  /// On any thread.
  func report(_ trouble: Server.Trouble) {
    let now = MonotonicTime.now
    switch trouble {
    case .full:
      guard let count = state.withLock({ $0.surplus.add(1, now: now) }) else { return }
      log.warning("http: full with \(limits.connections) connections, --max-listeners; 503 to \(count) more")
    case .crowded(let address):
      guard let count = state.withLock({ $0.crowded.add(1, now: now) }) else { return }
      log.warning(
        "http: \(limits.connectionsPerAddress) connections from one address, --max-per-address; closed \(count) more,"
          + " the last from \(address)")
    case .starved(let code):
      guard state.withLock({ $0.starved.add(1, now: now) }) != nil else { return }
      log.error("http: no further connections (accept: \(String(cString: strerror(code)))); listeners play on")
    case .late:
      guard let count = state.withLock({ $0.late.add(1, now: now) }) else { return }
      log.warning("http: dropped \(count) more of the endless stream, who took less than comes, --max-lag")
    case .recovered: log.info("http: connections are accepted again")
    }
  }
}
