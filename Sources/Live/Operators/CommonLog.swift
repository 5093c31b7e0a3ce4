import Core
import HLS
import HTTP
import Logging

/// An answer as a line of the common log format, and behind it the seconds that it took:
/// `192.0.2.7 - - [06/Nov/1994:08:49:37 +0000] "GET /live.m3u8 HTTP/1.1" 200 512 0.001`.
enum CommonLog {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// - Parameter arrival: when the request came.
  static func line(_ answer: FinishedExchange, at arrival: WallTime) -> String {
    let client = answer.client.address?.description ?? "-"
    let target = escaped(withoutTokens(answer.request.target))
    let (method, version) = (Array(answer.request.method.utf8), Array(answer.request.version.utf8))
    let request = "\(escaped(method)) \(target) \(escaped(version))"
    let milliseconds = answer.duration.milliseconds
    let fraction = String(1000 + milliseconds % 1000).dropFirst()
    return "\(client) - - [\(date(arrival))] \"\(request)\" \(answer.status) \(answer.bytes)"
      + " \(milliseconds / 1000).\(fraction)\n"
  }

  private static func date(_ time: WallTime) -> String {
    // 1994-11-06T08:49:37.000Z
    let text = Array(time.text)
    func part(_ range: Range<Int>) -> String { String(text[range]) }
    return "\(part(8..<10))/\(months[Int(part(5..<7))! - 1])/\(part(0..<4)):\(part(11..<19)) +0000"
  }

  /// A target less what its query says of any token: a log is read by more people than may listen.
  private static func withoutTokens(_ target: [UInt8]) -> [UInt8] {
    guard let mark = target.firstIndex(of: UInt8(ascii: "?")) else { return target }
    let pairs = target[(mark + 1)...].split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
    let kept = pairs.filter { !name($0).contains("token") }
    return Array(target[..<mark]) + (kept.isEmpty ? [] : [UInt8(ascii: "?")] + kept.joined(separator: "&".utf8))
  }

  /// The name of a pair, decoded and in lower case.
  private static func name(_ pair: ArraySlice<UInt8>) -> String {
    var (decoded, rest): ([UInt8], ArraySlice<UInt8>) = ([], pair.prefix { $0 != UInt8(ascii: "=") })
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        decoded.append(value)
        rest = rest.dropFirst(2)
      } else {
        decoded.append(byte)
      }
    }
    return String(decoding: decoded, as: UTF8.self).lowercased()
  }

  /// A byte that would end the field or the line, or mislead a terminal, is written as \xHH.
  private static func escaped(_ text: [UInt8]) -> String {
    var escaped = ""
    for byte in text {
      if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        escaped.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        escaped += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return escaped
  }
}
