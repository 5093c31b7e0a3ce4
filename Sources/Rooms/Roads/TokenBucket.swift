/// Admits events at a rate, with a number that may come at once.
struct TokenBucket: Equatable, Sendable {
  private let interval: Duration
  private let tolerance: Duration
  /// The time at which as many events as ever may come at once.
  private var full = Duration.zero

  /// - Parameters:
  ///   - rate: events a second.
  ///   - burst: events at once.
  init(rate: Int, burst: Int) {
    interval = .seconds(1) / rate
    tolerance = interval * (burst - 1)
  }

  /// Whether an event may come at this monotonic time.
  mutating func take(at now: Duration) -> Bool {
    let start = max(full, now)
    guard start - now <= tolerance else { return false }
    full = start + interval
    return true
  }
}
