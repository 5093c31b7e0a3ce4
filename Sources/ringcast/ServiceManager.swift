import CSystemd
import Glibc

/// systemd, where it has started the program as a service that tells how it is (sd_notify(3)); elsewhere nothing is said.
enum ServiceManager {
  enum News: String {
    case ready = "READY=1"
    case alive = "WATCHDOG=1"
    case stopping = "STOPPING=1"
  }

  static var isThere: Bool { getenv("NOTIFY_SOCKET") != nil }

  /// Nanoseconds between two signs of life that it asks for, at most; nil where it asks for none (sd_watchdog_enabled(3)).
  static var patience: Int? {
    var microseconds: UInt64 = 0
    return sd_watchdog_enabled(0, &microseconds) > 0 ? Int(clamping: microseconds) * 1000 : nil
  }

  static func tell(_ news: News) {
    sd_notify(0, news.rawValue)
  }
}
