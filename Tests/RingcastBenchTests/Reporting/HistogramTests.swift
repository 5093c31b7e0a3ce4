import Testing

@testable import ringcast_bench

@Suite struct HistogramTests {
  @Test func `a percentile is a value that occurred`() {
    var histogram = Histogram()
    #expect(histogram.percentile(50) == nil)
    for milliseconds in 1...100 { histogram.add(.milliseconds(milliseconds)) }
    #expect(histogram.percentile(50) == 50)
    #expect(histogram.percentile(99) == 99)
    #expect(histogram.percentile(100) == 100)
    histogram.add(.nanoseconds(Int.max))
    #expect(histogram.percentile(100) == 59_999)
  }
}
