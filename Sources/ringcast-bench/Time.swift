import System

/// Nanoseconds of the monotonic clock.
enum Time {
  static func now() -> Int {
    MonotonicTime.now.nanoseconds
  }

  static func seconds(_ seconds: Int) -> Int { seconds * 1_000_000_000 }

  /// The playing time of `bytes` bytes at a constant bit rate; 0 while the rate is unknown.
  static func played(_ bytes: Int, kilobits: Int) -> Int {
    kilobits > 0 ? bytes * 8_000_000 / kilobits : 0
  }
}
