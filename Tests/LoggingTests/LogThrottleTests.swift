import System
import Testing

@testable import Logging

@Suite struct LogThrottleTests {
  @Test func `the first is told at once, the others in one line a minute`() {
    var tally = LogThrottle()
    func second(_ number: Int) -> MonotonicTime { MonotonicTime(nanoseconds: number * 1_000_000_000) }
    #expect(tally.add(5, now: second(7)) == 5)
    for moment in 8..<67 { #expect(tally.add(1, now: second(moment)) == nil) }
    #expect(tally.add(1, now: second(67)) == 60)
    #expect(tally.add(2, now: second(200)) == 2)
  }
}
