import System
import Testing

@testable import ringcast_bench

@Suite struct EventArrivalsTests {
  @Test func `the first, the median and the last arrival of each event, in the order of their sending`() {
    var arrivals = EventArrivals()
    #expect(arrivals.events.isEmpty)
    func note(_ sent: Int, _ milliseconds: [Int]) {
      for delay in milliseconds {
        arrivals.note(sent: sent, arrived: MonotonicTime(nanoseconds: sent) + .milliseconds(delay))
      }
    }
    note(2_000_000_000, [5])
    note(1_000_000_000, [30, 10, 90])
    let first = EventArrivals.Event(
      readers: 3, first: .milliseconds(10), median: .milliseconds(30), last: .milliseconds(90))
    let second = EventArrivals.Event(
      readers: 1, first: .milliseconds(5), median: .milliseconds(5), last: .milliseconds(5))
    #expect(arrivals.events == [first, second])
  }
}
