import Core
package import System

/// Notices that a device's frames come at another rate than it says: a digital input follows the device that is plugged
/// into it, and its driver need not know.
package struct RateWatch: Sendable {
  /// The usual sample rates of sound.
  package static let rates = [
    8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000,
  ]
  /// The time over which a rate is measured.
  private static let span = Duration.seconds(2)
  /// Measurements in a row that must agree on a rate.
  private static let repetitions = 3
  /// The largest relative error of a measurement.
  private static let tolerance = 0.02

  /// In frames per second.
  package private(set) var rate: Int
  private var since: MonotonicTime?
  private var frames = 0
  private var candidate = 0
  private var count = 0

  package init(rate: Int) {
    self.rate = rate
  }

  /// Notes that at `now` `frames` have come in.
  /// - Returns: true where the rate has changed.
  package mutating func observe(frames: Int, now: MonotonicTime) -> Bool {
    guard let since else {
      since = now
      return false
    }
    self.frames += frames
    guard now - since >= Self.span else { return false }
    let measured = Double(self.frames) / (now - since).seconds
    self.since = now
    self.frames = 0
    guard let nearest = Self.rates.first(where: { abs(measured / Double($0) - 1) < Self.tolerance }), nearest != rate
    else {
      count = 0
      return false
    }
    count = nearest == candidate ? count + 1 : 1
    candidate = nearest
    guard count == Self.repetitions else { return false }
    rate = nearest
    count = 0
    return true
  }

  /// Frames are missing: the measurement is void.
  package mutating func interrupt() {
    since = nil
    frames = 0
    count = 0
  }
}
