import Core
import Glibc

/// An instant on the machine's monotonic clock (clock_gettime, CLOCK_MONOTONIC). The clock never goes back, nobody sets
/// it, and it stands still while the machine sleeps. Instants are comparable only within one boot of the machine.
package struct MonotonicTime: Hashable, Comparable, Sendable {
  /// Nanoseconds since the clock's start, which is some instant before the program began.
  package let nanoseconds: Int

  package init(nanoseconds: Int) {
    self.nanoseconds = nanoseconds
  }

  /// The present instant.
  package static var now: MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: time.tv_sec * 1_000_000_000 + time.tv_nsec)
  }

  package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The span from `right` to `left`; negative if `left` is the earlier instant.
  package static func - (left: MonotonicTime, right: MonotonicTime) -> Duration {
    .nanoseconds(left.nanoseconds - right.nanoseconds)
  }

  package static func + (time: MonotonicTime, span: Duration) -> MonotonicTime {
    MonotonicTime(nanoseconds: time.nanoseconds + span.nanoseconds)
  }

  package static func - (time: MonotonicTime, span: Duration) -> MonotonicTime {
    MonotonicTime(nanoseconds: time.nanoseconds - span.nanoseconds)
  }
}
