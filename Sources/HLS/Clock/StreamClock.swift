package import Core

/// The wall-clock time of a stream's samples, for months: the sound card's crystal and the machine's clock drift apart, and
/// the machine's clock may be set.
///
/// Samples arrive late, never early, so that the earliest arrival of each second counts. Dates follow the arrivals so slowly
/// that no player notices. They leap only if the clock was set or if time passed without sound.
package struct StreamClock: Sendable {
  /// The fastest that dates are moved: microseconds per second of sound, one part in a thousand.
  package static let slew = 1000
  /// Dates that are further off than this many microseconds leap.
  package static let leap = 500_000
  /// Dates leap when the arrivals of `secondsToLeap` seconds differ by less than `agreement` microseconds.
  private static let agreement = 50_000
  private static let secondsToLeap = 2
  /// Seconds of which the earliest arrival counts.
  private static let memory = 8
  /// Each second dates move by this part of their distance from the earliest arrival: one sixteenth.
  private static let gain = 16

  /// Wall-clock time of sample 0, by which dates are counted from now on.
  package private(set) var origin: WallTime
  private let rate: Int
  private var drift = ClockDrift()
  /// The least `now - samples` in the current second, in microseconds.
  private var earliest: Int?
  /// The same of the last seconds.
  private var seconds: [Int] = []
  /// Seconds of samples so far.
  private var secondsSeen = 0

  /// - Parameters:
  ///   - rate: nominal, in samples per second.
  ///   - origin: wall-clock time of sample 0 as it seems when the first samples come in.
  package init(rate: Int, origin: WallTime) {
    self.rate = rate
    self.origin = origin
  }

  /// How much faster the samples' clock is than the wall clock, in parts per million; nil until it is known.
  package var partsPerMillion: Double? { drift.partsPerMillion }

  /// Notes that at `now` the stream is `samples` long.
  package mutating func observe(samples: Int, at now: WallTime) {
    let seen = now.advanced(samples: -samples, rate: rate).microseconds
    earliest = min(earliest ?? seen, seen)
    guard samples / rate > secondsSeen else { return }
    secondsSeen = samples / rate
    end(second: earliest!)
    earliest = nil
  }

  private mutating func end(second: Int) {
    seconds = seconds.suffix(Self.memory - 1) + [second]
    let latest = seconds.suffix(Self.secondsToLeap)
    let isAgreed = latest.max()! - latest.min()! < Self.agreement
    if isAgreed, latest.count == Self.secondsToLeap, latest.allSatisfy({ abs($0 - origin.microseconds) > Self.leap }) {
      origin.microseconds = second
      seconds = [second]
      drift = ClockDrift()
      return
    }
    let step = (seconds.min()! - origin.microseconds) / Self.gain
    origin.microseconds += min(max(step, -Self.slew), Self.slew)
    drift.observe(origin: second, after: secondsSeen)
  }
}
