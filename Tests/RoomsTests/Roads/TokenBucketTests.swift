import Testing

@testable import Rooms

@Suite struct TokenBucketTests {
  @Test func `a burst passes, then the rate`() {
    var bucket = TokenBucket(rate: 20, burst: 5)
    let start = Duration.seconds(7)
    let burst = (0..<8).map { _ in bucket.take(at: start) }
    #expect(burst == [true, true, true, true, true, false, false, false])
    let later = [49, 50, 99].map { bucket.take(at: start + .milliseconds($0)) }
    #expect(later == [false, true, false])
    var passed = 0
    for millisecond in 0..<10_000 where bucket.take(at: start + .seconds(10) + .milliseconds(millisecond)) {
      passed += 1
    }
    // Five at once, and one each 50 ms from then on.
    #expect(passed == 5 + 199)
  }
}
