import Testing

@testable import HTTP

@Suite struct HTTPDateTests {
  private static let now = 1_795_000_000  // 2026

  /// The examples of RFC 9110 §5.6.7, which are one moment.
  @Test(arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
  func `the three formats are read`(text: String) {
    #expect(HTTPDate.seconds(text, now: Self.now) == 784_111_777)
  }

  @Test(arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_795_000_000, "Wed, 18 Nov 2026 11:06:40 GMT"),
    (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
    (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
  ])
  func `the fixed format is written and read back`(seconds: Int, text: String) {
    #expect(HTTPDate.text(seconds) == text)
    #expect(HTTPDate.seconds(text, now: Self.now) == seconds)
  }

  /// "a timestamp that appears to be more than 50 years in the future" is "the most recent year in the past that had
  /// the same last two digits".
  @Test(arguments: [
    ("Wednesday, 18-Nov-26 11:06:40 GMT", 2026), ("Thursday, 01-Jan-76 00:00:00 GMT", 2076),
    ("Saturday, 01-Jan-77 00:00:00 GMT", 1977), ("Friday, 01-Jan-99 00:00:00 GMT", 1999),
    ("Saturday, 01-Jan-00 00:00:00 GMT", 2000),
  ])
  func `a two-digit year gets its century`(text: String, year: Int) throws {
    let seconds = try #require(HTTPDate.seconds(text, now: Self.now))
    #expect(HTTPDate.text(seconds).contains(" \(year) "))
  }

  @Test func `two-digit days and leap seconds are read`() {
    #expect(HTTPDate.seconds("Wed Nov 16 08:49:37 1994", now: Self.now) == 784_975_777)
    #expect(HTTPDate.seconds("Sat, 31 Dec 2016 23:59:60 GMT", now: Self.now) == 1_483_228_800)
  }

  @Test(arguments: [
    "", "0", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 GMT ",
    "sun, 06 nov 1994 08:49:37 gmt", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, 31 Apr 1994 08:49:37 GMT", "Sun, 29 Feb 1900 08:49:37 GMT", "Sun, 06 Abc 1994 08:49:37 GMT",
    "Xyz, 06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT", "Sunday, 06 Nov 1994 08:49:37 GMT",
    "Sunday Nov  6 08:49:37 1994", "Sun Nov   6 08:49:37 1994",
    "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, ٠٦ Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z",
  ])
  func `any other text is not a date`(text: String) {
    #expect(HTTPDate.seconds(text, now: Self.now) == nil)
  }
}
