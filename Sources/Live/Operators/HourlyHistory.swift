import Core
import System

/// A figure's last hour, a sample each ten seconds. Pure.
struct HourlyHistory: Sendable {
  /// The time between two samples.
  static let interval = Duration.seconds(10)
  static let length = 360

  /// The oldest first; nil where none was taken, because the process stood still.
  private(set) var samples: [Int?] = []
  /// The interval of the last sample, counted from the clock's start.
  private var latest = 0

  /// Adds a value. Of two within an interval the greater counts.
  mutating func note(_ value: Int, at moment: MonotonicTime) {
    let now = moment.nanoseconds / Self.interval.nanoseconds
    if let last = samples.last ?? nil, now == latest {
      samples[samples.count - 1] = max(last, value)
    } else {
      let gap = samples.isEmpty ? 0 : min(now - latest - 1, Self.length)
      samples += [Int?](repeating: nil, count: gap) + [value]
      samples.removeFirst(max(0, samples.count - Self.length))
    }
    latest = now
  }
}
