import Testing

@testable import Logging

@Suite struct LogThrottleTests {
  @Test func `the first is told at once, the others in one line a minute`() {
    var tally = LogThrottle()
    let second = 1_000_000_000
    #expect(tally.add(5, now: 7 * second) == 5)
    for moment in 8..<67 { #expect(tally.add(1, now: moment * second) == nil) }
    #expect(tally.add(1, now: 67 * second) == 60)
    #expect(tally.add(2, now: 200 * second) == 2)
  }
}
