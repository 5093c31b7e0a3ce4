import Core
import Testing

@Suite struct DurationSamplesTests {
  @Test(arguments: [
    (48_000, 48_000, Duration.seconds(1)), (1, 44_100, .nanoseconds(22_675)), (66_150, 44_100, .milliseconds(1500)),
  ])
  func `samples last as long as their rate says`(count: Int, rate: Int, span: Duration) {
    #expect(Duration.samples(count, rate: rate) == span)
  }

  @Test(arguments: [
    (Duration.milliseconds(500), 48_000, 24_000), (.milliseconds(5), 44_100, 220), (.seconds(30), 192_000, 5_760_000),
  ])
  func `a span holds as many samples as are whole`(span: Duration, rate: Int, count: Int) {
    #expect(span.samples(rate: rate) == count)
  }

  @Test func `the samples of a month are counted without an overflow`() {
    let month = 30 * 86_400
    #expect(Duration.samples(month * 192_000, rate: 192_000) == .seconds(month))
    #expect(Duration.seconds(month).samples(rate: 192_000) == month * 192_000)
  }
}
