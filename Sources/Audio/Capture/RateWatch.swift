/// Notices that a device's frames come at another rate than it says: a digital input follows what is plugged into it, and
/// its driver need not know.
package struct RateWatch: Sendable {
  /// The rates that sound has.
  package static let rates = [
    8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000,
  ]
  /// Nanoseconds that a rate is measured over, how many times in a row it must come out the same, and how exactly.
  private static let span = 2_000_000_000
  private static let repetitions = 3
  private static let tolerance = 0.02

  /// In frames per second.
  package private(set) var rate: Int
  private var since: Int?
  private var frames = 0
  private var candidate = 0
  private var count = 0

  package init(rate: Int) {
    self.rate = rate
  }

  /// Notes that at `now` (monotonic nanoseconds) `frames` have come in.
  /// - Returns: true where the rate has changed.
  package mutating func observe(frames: Int, now: Int) -> Bool {
    guard let since else {
      since = now
      return false
    }
    self.frames += frames
    guard now - since >= Self.span else { return false }
    let measured = Double(self.frames) * 1e9 / Double(now - since)
    (self.since, self.frames) = (now, 0)
    guard let nearest = Self.rates.first(where: { abs(measured / Double($0) - 1) < Self.tolerance }), nearest != rate
    else {
      count = 0
      return false
    }
    count = nearest == candidate ? count + 1 : 1
    candidate = nearest
    guard count == Self.repetitions else { return false }
    (rate, count) = (nearest, 0)
    return true
  }

  /// Frames are missing: what was measured says nothing.
  package mutating func interrupt() {
    (since, frames, count) = (nil, 0, 0)
  }
}
