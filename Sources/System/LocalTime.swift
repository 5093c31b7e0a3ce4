import Glibc

/// The local time of the machine.
package enum LocalTime {
  /// Seconds by which local time is ahead of UTC at a moment (localtime_r, tm_gmtoff).
  /// - Parameter seconds: Unix time.
  package static func offset(at seconds: Int) -> Int {
    var moment = time_t(seconds)
    var parts = tm()
    return localtime_r(&moment, &parts) == nil ? 0 : Int(parts.tm_gmtoff)
  }
}
