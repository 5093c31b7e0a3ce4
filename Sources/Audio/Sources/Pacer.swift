import System

/// Holds a source to real time. The schedule is absolute: a stall is caught up, and nothing drifts.
struct Pacer {
  private var origin: Int
  private let rate: Int

  /// Frame 0 is now.
  init(rate: Int) {
    origin = Clock.monotonic()
    self.rate = rate
  }

  /// Sleeps until frame `position` is due.
  func wait(untilFrame position: Int) {
    let (seconds, rest) = position.quotientAndRemainder(dividingBy: rate)
    Clock.sleep(until: origin + seconds * 1_000_000_000 + rest * 1_000_000_000 / rate)
  }

  /// Moves all that follows ahead by a fraction of `frames`, in parts per million.
  mutating func hasten(frames: Int, partsPerMillion: Int) {
    origin -= frames * partsPerMillion * 1000 / rate
  }
}
