import System
import Testing

@Suite struct AllowanceTests {
  /// - Parameter milliseconds: the instants of the events.
  private static func taken(_ allowance: Allowance, at milliseconds: [Int]) -> [Bool] {
    var allowance = allowance
    return milliseconds.map { allowance.take(at: MonotonicTime(nanoseconds: $0 * 1_000_000)) }
  }

  @Test func `a burst is allowed, and then the rate`() {
    let taken = Self.taken(Allowance(burst: 3, perSecond: 2), at: [5000, 5000, 5000, 5000, 5400, 5600, 5700, 6100])
    #expect(taken == [true, true, true, false, false, true, false, true])
  }

  @Test func `the allowance never exceeds the burst`() {
    var allowance = Allowance(burst: 2, perSecond: 10)
    allowance.add(100)
    #expect(Self.taken(allowance, at: [0, 1_000_000, 1_000_000, 1_000_000]) == [true, true, true, false])
  }
}
