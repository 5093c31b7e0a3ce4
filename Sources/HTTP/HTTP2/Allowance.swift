import Core
import System

/// A token bucket: so many events at once, and so many a second.
struct Allowance {
  private let burst: Double
  private let perSecond: Double
  private var tokens: Double
  private var last: MonotonicTime?

  init(burst: Int, perSecond: Int) {
    self.burst = Double(burst)
    self.perSecond = Double(perSecond)
    tokens = Double(burst)
  }

  /// - Returns: false if the event is one too many.
  mutating func take(at now: MonotonicTime) -> Bool {
    if let last { add(Double((now - last).nanoseconds) / 1e9 * perSecond) }
    last = now
    if tokens < 1 { return false }
    tokens -= 1
    return true
  }

  mutating func add(_ events: Double) {
    tokens = min(burst, tokens + events)
  }
}
