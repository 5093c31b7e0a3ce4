/// An instant on the wall clock: microseconds since 1970-01-01T00:00:00Z, counted like POSIX, without leap seconds.
package struct WallTime: Hashable, Comparable, Sendable {
  package var microseconds: Int

  package init(microseconds: Int) {
    self.microseconds = microseconds
  }

  package static func < (left: WallTime, right: WallTime) -> Bool {
    left.microseconds < right.microseconds
  }

  /// The moment `samples` later, at `rate` samples per second, rounded down to a microsecond.
  package func advanced(samples: Int, rate: Int) -> WallTime {
    let (seconds, rest) = samples.quotientAndRemainder(dividingBy: rate)
    return WallTime(microseconds: microseconds + seconds * 1_000_000 + (rest * 1_000_000).flooredQuotient(by: rate))
  }

  /// RFC 3339 in UTC with milliseconds, the form of EXT-X-PROGRAM-DATE-TIME (rfc8216bis §4.4.4.6).
  package var text: String {
    let milliseconds = microseconds.flooredQuotient(by: 1000)
    let days = milliseconds.flooredQuotient(by: 86_400_000)
    let rest = milliseconds - days * 86_400_000
    let date = CivilDate(daysSince1970: days)
    let (minutes, inMinute) = (rest / 60_000, rest % 60_000)
    return "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
      + "T\((minutes / 60).padded(2)):\((minutes % 60).padded(2)):\((inMinute / 1000).padded(2))"
      + ".\((inMinute % 1000).padded(3))Z"
  }

  /// Reads the form that `text` writes, `YYYY-MM-DDThh:mm:ss.mmmZ`, and no other.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    let pattern = Array("0000-00-00T00:00:00.000Z".utf8)
    guard bytes.count == pattern.count else { return nil }
    for (byte, expected) in zip(bytes, pattern) {
      guard expected == 0x30 ? (0x30...0x39).contains(byte) : byte == expected else { return nil }
    }
    func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
    let date = CivilDate(year: number(0..<4), month: number(5..<7), day: number(8..<10))
    let hour = number(11..<13)
    let minute = number(14..<16)
    let second = number(17..<19)
    guard (1...12).contains(date.month), (1...31).contains(date.day), hour < 24, minute < 60, second < 60 else {
      return nil
    }
    let seconds = ((date.daysSince1970 * 24 + hour) * 60 + minute) * 60 + second
    self.init(microseconds: (seconds * 1000 + number(20..<23)) * 1000)
  }
}

/// A date of the proleptic Gregorian calendar and its day count, after Howard Hinnant's "chrono-Compatible Low-Level
/// Date Algorithms": its year starts in March, so that the leap day is the last day.
private struct CivilDate {
  var year: Int
  var month: Int
  var day: Int

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  init(daysSince1970 days: Int) {
    let shifted = days + 719_468
    let era = shifted.flooredQuotient(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var daysSince1970: Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = marchYear.flooredQuotient(by: 400)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension Int {
  fileprivate func flooredQuotient(by divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  fileprivate func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
  }
}
