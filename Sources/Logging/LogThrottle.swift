/// Sums up what happens again and again, so that the log has a line at once and then one a minute at most.
package struct LogThrottle: Equatable, Sendable {
  private static let pause = 60_000_000_000

  private var sum = 0
  private var told: Int?

  package init() {}

  /// - Parameter now: monotonic nanoseconds.
  /// - Returns: the sum since it was told last, where it is time to tell it.
  package mutating func add(_ count: Int, now: Int) -> Int? {
    sum += count
    guard told.map({ now - $0 >= Self.pause }) ?? true else { return nil }
    defer { sum = 0 }
    told = now
    return sum
  }
}
