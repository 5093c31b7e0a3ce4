import Core
import Testing

@Suite struct WallTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"),
    (1_582_934_400_000_000, "2020-02-29T00:00:00.000Z"),
    (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
    (1_735_689_599_999_999, "2024-12-31T23:59:59.999Z"),
    (4_102_444_800_000_000, "2100-01-01T00:00:00.000Z"),
    (-1, "1969-12-31T23:59:59.999Z"),
    (253_402_300_799_999_000, "9999-12-31T23:59:59.999Z"),
  ])
  func `is written as ISO 8601 in UTC, rounded down to a millisecond`(microseconds: Int, text: String) {
    #expect(WallTime(microseconds: microseconds).text == text)
  }

  @Test(arguments: [0, 1_582_934_400_123_000, 4_107_542_399_999_000, -86_400_000_000])
  func `is read back as it was written`(microseconds: Int) {
    let time = WallTime(microseconds: microseconds)
    #expect(WallTime(time.text) == time)
  }

  @Test func `every day of four centuries is written and read back`() {
    for day in 0..<146_097 {
      let time = WallTime(microseconds: day * 86_400_000_000)
      #expect(WallTime(time.text) == time)
    }
  }

  @Test(arguments: [
    "", "2026-11-21", "2026-11-21T07:00:00Z", "2026-11-21T07:00:00.123+01:00", "2026-13-21T07:00:00.123Z",
    "2026-11-21T24:00:00.000Z", "2026-11-21T07:00:00.1234Z", "２026-11-21T07:00:00.123Z", "-026-11-21T07:00:00.123Z",
  ])
  func `anything else is no time`(text: String) {
    #expect(WallTime(text) == nil)
  }

  @Test func `advances by samples without drift`() {
    let start = WallTime(microseconds: 0)
    #expect(start.advanced(samples: 44_100 * 86_400, rate: 44_100).microseconds == 86_400_000_000)
    #expect(start.advanced(samples: 1, rate: 44_100).microseconds == 22)
    #expect(start.advanced(samples: -1105, rate: 48_000).microseconds == -23_021)
  }
}
