import Core
import System

/// Holds a source to real time. The schedule is absolute: after a stall the source catches up, and nothing drifts.
struct Pacer {
  /// The instant of frame 0.
  private let origin: MonotonicTime
  private let rate: Int

  /// Frame 0 is now.
  init(rate: Int) {
    origin = .now
    self.rate = rate
  }

  /// Sleeps until frame `position` is due.
  func wait(untilFrame position: Int) {
    Clock.sleep(until: (origin + .samples(position, rate: rate)).nanoseconds)
  }
}
