import Core
import System

/// The schedule of the mixer's ticks: one each ten milliseconds, by absolute time, so that nothing drifts. Pure: the caller
/// tells the time.
///
/// Late ticks are never made up but for one: the others are left out, so that no crowd of packets follows a stall.
struct TickClock {
  /// The length of a tick.
  static let tick = Duration.milliseconds(10)
  /// A tick that begins later than this after its time is a late one.
  static let tolerance = Duration.milliseconds(5)

  /// The instant of the next tick.
  private(set) var next: MonotonicTime
  /// The number of the next tick. The numbers of ticks that are left out are left out, too.
  private(set) var number = 0
  /// Ticks that began late since the start.
  private(set) var late = 0
  /// Ticks that were left out since the start.
  private(set) var skipped = 0

  /// The first tick is due at once.
  init(at now: MonotonicTime) {
    next = now
  }

  /// The ticks go on after a sleep: the next one is due at once. A sleep makes no tick late.
  mutating func resume(at now: MonotonicTime) {
    let passed = (now.nanoseconds - next.nanoseconds) / Self.tick.nanoseconds
    if passed > 0 { number += passed }
    next = now
  }

  /// Takes the next tick.
  /// - Parameter now: the instant at which the tick begins, not before `next`.
  /// - Returns: the number of the tick.
  mutating func begin(at now: MonotonicTime) -> Int {
    let lateness = now - next
    if lateness > Self.tolerance { late += 1 }
    // A tick that is late by less than two ticks is made up. With more, only the newest tick that is due begins, so that the
    // thread sleeps before the next one: an overloaded mixer would never sleep, and hold up all other threads.
    let missed = lateness.nanoseconds / Self.tick.nanoseconds
    if missed > 1 {
      skipped += missed
      number += missed
      next = next + .nanoseconds(missed * Self.tick.nanoseconds)
    }
    next = next + Self.tick
    defer { number += 1 }
    return number
  }
}
