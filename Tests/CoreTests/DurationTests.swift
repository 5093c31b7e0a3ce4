import Core
import Testing

@Suite struct DurationTests {
  @Test(arguments: [
    (Duration.seconds(1.5), 1_500_000_000), (Duration.milliseconds(-20), -20_000_000), (Duration.nanoseconds(1), 1),
    (Duration.zero, 0),
  ])
  func `a span tells its whole nanoseconds`(span: Duration, nanoseconds: Int) {
    #expect(span.nanoseconds == nanoseconds)
  }

  @Test func `larger units are rounded towards zero`() {
    #expect(Duration.microseconds(1999).milliseconds == 1)
    #expect(Duration.nanoseconds(-1999).microseconds == -1)
  }

  @Test func `seconds keep their fraction`() {
    #expect(Duration.milliseconds(250).seconds == 0.25)
  }
}
