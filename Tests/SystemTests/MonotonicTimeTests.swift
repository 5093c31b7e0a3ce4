import System
import Testing

@Suite struct MonotonicTimeTests {
  @Test func `the difference of two instants is the span between them`() {
    let start = MonotonicTime(nanoseconds: 5_000_000_000)
    #expect(start + .seconds(2) - start == .seconds(2))
    #expect(start - (start + .milliseconds(1)) == .milliseconds(-1))
    #expect(start - .seconds(1) == MonotonicTime(nanoseconds: 4_000_000_000))
  }

  @Test func `the clock never goes back`() {
    var last = MonotonicTime.now
    for _ in 0..<1000 {
      let now = MonotonicTime.now
      #expect(now >= last)
      last = now
    }
  }
}
