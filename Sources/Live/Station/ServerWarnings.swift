import Glibc
import HTTP
import Logging
import Synchronization
import System

/// Logs the server's troubles: each kind at once, and then at most once a minute.
final class ServerWarnings: Sendable {
  /// The port of the server.
  enum Port: Sendable {
    /// - Parameter spelling: how a message spells the settings of the limits.
    case listeners(_ spelling: SettingSpelling)
    /// No setting changes the limits of the operators' port.
    case operators
  }

  private struct State {
    var surplus = LogThrottle()
    var crowded = LogThrottle()
    var starved = LogThrottle()
    var late = LogThrottle()
  }

  private let port: Port
  private let limits: Server.Limits
  private let log: Log
  private let state = Mutex(State())

  init(_ port: Port, _ limits: Server.Limits, log: Log) {
    self.port = port
    self.limits = limits
    self.log = log
  }

  /// The beginning of a message.
  private var subject: String {
    switch port {
    case .listeners: "http"
    case .operators: "operators' port"
    }
  }

  /// The end of a sentence that names the setting of a limit.
  private func named(_ key: SettingKey) -> String {
    switch port {
    case .listeners(let spelling): ", \(spelling(key))"
    case .operators: ""
    }
  }

  /// On any thread.
  func report(_ trouble: Server.Trouble) {
    let now = MonotonicTime.now
    switch trouble {
    case .full:
      guard let count = state.withLock({ $0.surplus.add(1, now: now) }) else { return }
      log.warning(
        "\(subject): full with \(limits.connections) connections\(named(.maxListeners)); 503 to \(count) more")
    case .crowded(let address):
      guard let count = state.withLock({ $0.crowded.add(1, now: now) }) else { return }
      log.warning(
        "\(subject): \(limits.connectionsPerAddress) connections from one address\(named(.maxPerAddress)); closed"
          + " \(count) more, the last from \(address)")
    case .starved(let code):
      guard state.withLock({ $0.starved.add(1, now: now) }) != nil else { return }
      log.error("\(subject): no further connections (accept: \(String(cString: strerror(code)))); listeners play on")
    case .late:
      guard let count = state.withLock({ $0.late.add(1, now: now) }) else { return }
      let listeners = count == 1 ? "1 listener" : "\(count) listeners"
      log.warning("\(subject): disconnected \(listeners) of the endless stream that fell behind\(named(.maxLag))")
    case .recovered: log.info("\(subject): connections are accepted again")
    }
  }
}
