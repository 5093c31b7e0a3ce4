import CSystemd
import Glibc

/// systemd, where it has started the program as a service that reports its state (sd_notify(3)); elsewhere the calls do
/// nothing.
enum ServiceManager {
  enum State: String {
    case ready = "READY=1"
    case alive = "WATCHDOG=1"
    case stopping = "STOPPING=1"
  }

  /// The time within which systemd wants a sign of life; nil where it wants none (sd_watchdog_enabled(3)).
  static var watchdogTimeout: Duration? {
    var microseconds: UInt64 = 0
    return sd_watchdog_enabled(0, &microseconds) > 0 ? .microseconds(Int(clamping: microseconds)) : nil
  }

  static func tell(_ state: State) {
    sd_notify(0, state.rawValue)
  }
}
