package import Core
import Glibc

/// The clocks of the machine.
package enum Clock {
  /// The nanoseconds of `MonotonicTime`.
  package static func monotonic() -> Int {
    MonotonicTime.now.nanoseconds
  }

  /// Microseconds since 1970, as the administrator sets them (clock_gettime CLOCK_REALTIME).
  package static func wall() -> Int {
    read(CLOCK_REALTIME) / 1000
  }

  /// Sleeps until `deadline`, in monotonic nanoseconds. Returns early only for a signal.
  package static func sleep(until deadline: Int) {
    var time = timespec(tv_sec: deadline / 1_000_000_000, tv_nsec: deadline % 1_000_000_000)
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil)
  }

  private static func read(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

extension WallTime {
  /// The present instant, by the clock that the administrator sets (clock_gettime, CLOCK_REALTIME).
  package static var now: WallTime { WallTime(microseconds: Clock.wall()) }
}
