import Glibc
import HTTP
import Logging
import Synchronization
import System

/// Logs the server's troubles: each kind at once, and then at most once a minute.
final class ServerWarnings: Sendable {
  private struct State {
    var surplus = LogThrottle()
    var crowded = LogThrottle()
    var starved = LogThrottle()
    var late = LogThrottle()
  }

  private let limits: Server.Limits
  private let spelling: SettingSpelling
  private let log: Log
  private let state = Mutex(State())

  init(_ limits: Server.Limits, spelling: @escaping SettingSpelling, log: Log) {
    self.limits = limits
    self.spelling = spelling
    self.log = log
  }

  /// On any thread.
  func report(_ trouble: Server.Trouble) {
    let now = MonotonicTime.now
    switch trouble {
    case .full:
      guard let count = state.withLock({ $0.surplus.add(1, now: now) }) else { return }
      log.warning("http: full with \(limits.connections) connections, \(spelling(.maxListeners)); 503 to \(count) more")
    case .crowded(let address):
      guard let count = state.withLock({ $0.crowded.add(1, now: now) }) else { return }
      log.warning(
        "http: \(limits.connectionsPerAddress) connections from one address, \(spelling(.maxPerAddress)); closed \(count)"
          + " more, the last from \(address)")
    case .starved(let code):
      guard state.withLock({ $0.starved.add(1, now: now) }) != nil else { return }
      log.error("http: no further connections (accept: \(String(cString: strerror(code)))); listeners play on")
    case .late:
      guard let count = state.withLock({ $0.late.add(1, now: now) }) else { return }
      let listeners = count == 1 ? "1 listener" : "\(count) listeners"
      log.warning("http: disconnected \(listeners) of the endless stream that fell behind, \(spelling(.maxLag))")
    case .recovered: log.info("http: connections are accepted again")
    }
  }
}
