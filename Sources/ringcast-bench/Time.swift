import Glibc

/// Nanoseconds of the monotonic clock.
enum Time {
  static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  static func seconds(_ seconds: Int) -> Int { seconds * 1_000_000_000 }

  /// How long so many bytes of a constant bit rate play; 0 while the rate is unknown.
  static func played(_ bytes: Int, kilobits: Int) -> Int {
    kilobits > 0 ? bytes * 8_000_000 / kilobits : 0
  }
}
