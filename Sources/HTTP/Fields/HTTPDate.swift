import Glibc

/// HTTP-date (RFC 9110 §5.6.7), as seconds since 1970-01-01T00:00:00Z.
package enum HTTPDate {
  private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// "the sender MUST generate those timestamps in the IMF-fixdate format": `Sun, 06 Nov 1994 08:49:37 GMT`.
  package static func text(_ seconds: Int) -> String {
    let date = calendar(seconds)
    return "\(days[Int(date.tm_wday)].prefix(3)), \(padded(date.tm_mday, 2)) \(months[Int(date.tm_mon)]) "
      + "\(padded(date.tm_year + 1900, 4)) "
      + "\(padded(date.tm_hour, 2)):\(padded(date.tm_min, 2)):\(padded(date.tm_sec, 2)) GMT"
  }

  /// "A recipient that parses a timestamp value in an HTTP field MUST accept all three HTTP-date formats." Nil if the
  /// text has none of these formats, or if there is no such date. The day of the week is not checked. `now` determines the
  /// century of a two-digit year.
  static func seconds(_ text: String, now: @autoclosure () -> Int) -> Int? {
    let text = Array(text.utf8)
    for day in days {
      let short = day.utf8.prefix(3)
      if text.starts(with: day.utf8),
        let rest = Digits(text.dropFirst(day.utf8.count), form: ", 00-Aaa-00 00:00:00 GMT")
      {
        let year = fullYear(rest.number(9..<11), now: Int(calendar(now()).tm_year) + 1900)
        return seconds(year: year, month: rest.text(5..<8), day: rest.number(2..<4), time: rest.time(at: 12))
      }
      guard text.starts(with: short) else { continue }
      if let rest = Digits(text.dropFirst(3), form: ", 00 Aaa 0000 00:00:00 GMT") {
        return seconds(
          year: rest.number(9..<13), month: rest.text(5..<8), day: rest.number(2..<4), time: rest.time(at: 14))
      }
      if let rest = Digits(text.dropFirst(3), form: " Aaa _0 00:00:00 0000") {
        return seconds(
          year: rest.number(17..<21), month: rest.text(1..<4), day: rest.number(5..<7), time: rest.time(at: 8))
      }
    }
    return nil
  }

  /// "Recipients of a timestamp value in rfc850-date format, which uses a two-digit year, MUST interpret a timestamp
  /// that appears to be more than 50 years in the future as representing the most recent year in the past that had the
  /// same last two digits."
  private static func fullYear(_ twoDigits: Int, now: Int) -> Int {
    let year = now - now % 100 + twoDigits
    return year > now + 50 ? year - 100 : year
  }

  private static func seconds(year: Int, month: String, day: Int, time: (hour: Int, minute: Int, second: Int)) -> Int? {
    // 60 is a leap second.
    guard let month = months.firstIndex(of: month), time.hour < 24, time.minute < 60, time.second <= 60 else {
      return nil
    }
    var date = tm()
    date.tm_year = Int32(year - 1900)
    date.tm_mon = Int32(month)
    date.tm_mday = Int32(day)
    let midnight = timegm(&date)
    // timegm turns 31 April into 1 May.
    guard calendar(midnight).tm_mday == Int32(day) else { return nil }
    return midnight + (time.hour * 60 + time.minute) * 60 + time.second
  }

  private static func calendar(_ seconds: Int) -> tm {
    var time = time_t(seconds)
    var date = tm()
    gmtime_r(&time, &date)
    return date
  }

  private static func padded(_ number: Int32, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

/// A text of a fixed form. In the form, 0 stands for a digit, _ for a digit or a space, A and a for any character, and
/// every other character for itself.
private struct Digits {
  private let bytes: [UInt8]

  init?(_ text: ArraySlice<UInt8>, form: String) {
    guard text.count == form.utf8.count else { return nil }
    for (byte, mark) in zip(text, form.utf8) {
      switch mark {
      case UInt8(ascii: "0"): guard byte.isDigit else { return nil }
      case UInt8(ascii: "_"): guard byte.isDigit || byte == UInt8(ascii: " ") else { return nil }
      case UInt8(ascii: "A"), UInt8(ascii: "a"): break
      default: guard byte == mark else { return nil }
      }
    }
    bytes = Array(text)
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  func number(_ range: Range<Int>) -> Int {
    bytes[range].filter(\.isDigit).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  func time(at start: Int) -> (hour: Int, minute: Int, second: Int) {
    (number(start..<start + 2), number(start + 3..<start + 5), number(start + 6..<start + 8))
  }
}
