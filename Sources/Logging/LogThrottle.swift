package import System

/// Sums up repeated events, so that the log has one line at the first event and then at most one line a minute.
package struct LogThrottle: Equatable, Sendable {
  private static let pause = Duration.seconds(60)

  private var sum = 0
  private var told: MonotonicTime?

  package init() {}

  /// - Returns: the sum since the last line, if it is time for the next line.
  package mutating func add(_ count: Int, now: MonotonicTime) -> Int? {
    sum += count
    guard told.map({ now - $0 >= Self.pause }) ?? true else { return nil }
    defer { sum = 0 }
    told = now
    return sum
  }
}
