import Core

/// A token bucket: so many events at once, and so many a second. Pure: the caller tells the time.
package struct Allowance: Sendable {
  private let burst: Double
  private let perSecond: Double
  private var tokens: Double
  private var last: MonotonicTime?

  package init(burst: Int, perSecond: Int) {
    self.burst = Double(burst)
    self.perSecond = Double(perSecond)
    tokens = Double(burst)
  }

  /// - Returns: false if the event is one too many.
  package mutating func take(at now: MonotonicTime) -> Bool {
    if let last { add(Double((now - last).nanoseconds) / 1e9 * perSecond) }
    last = now
    if tokens < 1 { return false }
    tokens -= 1
    return true
  }

  /// Gives back places that events took.
  package mutating func add(_ events: Double) {
    tokens = min(burst, tokens + events)
  }
}
