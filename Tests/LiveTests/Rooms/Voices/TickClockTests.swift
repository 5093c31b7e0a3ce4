import System
import Testing

@testable import Live

@Suite struct TickClockTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000)

  @Test func `a punctual mixer ticks each ten milliseconds by absolute time`() {
    var clock = TickClock(at: start)
    for number in 0..<1000 {
      #expect(clock.next == start + .milliseconds(10 * number))
      // Each tick begins a little late, and nothing adds up.
      #expect(clock.begin(at: clock.next + .milliseconds(1)) == number)
    }
    #expect(clock.late == 0)
    #expect(clock.skipped == 0)
  }

  @Test func `a tick that begins more than half a tick late is counted, and the next one is in time again`() {
    var clock = TickClock(at: start)
    #expect(clock.begin(at: start + .milliseconds(6)) == 0)
    #expect(clock.late == 1)
    #expect(clock.next == start + .milliseconds(10))
  }

  @Test func `after a stall, all ticks but the newest are left out; their numbers are left out, too`() {
    var clock = TickClock(at: start)
    _ = clock.begin(at: start)
    let now = start + .milliseconds(105)
    // Ticks 1 to 10 are due.
    #expect(clock.begin(at: now) == 10)
    // The next tick lies ahead.
    #expect(clock.next == start + .milliseconds(110))
    #expect(clock.skipped == 9)
  }

  @Test func `a tick that is late by less than two ticks is made up`() {
    var clock = TickClock(at: start)
    _ = clock.begin(at: start)
    let now = start + .milliseconds(28)
    #expect(clock.begin(at: now) == 1)
    #expect(clock.begin(at: now) == 2)
    #expect(clock.skipped == 0)
  }

  @Test func `the ticks of a sleep have numbers, and none of them is late`() {
    var clock = TickClock(at: start)
    _ = clock.begin(at: start)
    clock.resume(at: start + .seconds(2))
    #expect(clock.begin(at: start + .seconds(2)) == 200)
    #expect(clock.late == 0)
    #expect(clock.skipped == 0)
  }
}
