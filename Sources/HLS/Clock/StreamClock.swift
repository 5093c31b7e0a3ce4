package import Core

/// The wall-clock time of a stream's samples, for months: the card's crystal and the machine's clock drift apart, and the
/// clock may be set.
///
/// Samples come in late, never early, so that of each second the earliest arrival counts. Dates follow it so slowly that
/// no player notices; only where the clock was set, or time passed that left no sound, they leap.
package struct StreamClock: Sendable {
  /// The fastest that dates are moved: microseconds in a second of sound, one part in a thousand.
  package static let slew = 1000
  /// Dates that are further off than this many microseconds leap.
  package static let leap = 500_000
  /// So many seconds that bring less than this many microseconds of difference agree.
  private static let agreement = 50_000
  private static let secondsToLeap = 2
  /// Seconds of which the earliest arrival counts, and the part of the way to it that is gone in one.
  private static let memory = 8
  private static let gain = 16

  /// Wall-clock time of sample 0, by which dates are counted from now on.
  package private(set) var origin: WallTime
  private let rate: Int
  private var drift = ClockDrift()
  /// What `now - samples` has come to in the second at hand, at its least, and in those before.
  private var earliest: Int?
  private var seconds: [Int] = []
  private var secondsSeen = 0

  /// - Parameters:
  ///   - rate: nominal, in samples per second.
  ///   - origin: wall-clock time of sample 0 as it seems when the first come in.
  package init(rate: Int, origin: WallTime) {
    (self.rate, self.origin) = (rate, origin)
  }

  /// By how much the samples' clock is faster than the wall clock, in parts per million; nil until it is known.
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
