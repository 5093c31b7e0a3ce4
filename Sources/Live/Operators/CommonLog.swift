import Core
import HLS
import HTTP
import Logging

/// An answer as a line of the common log format, and behind it the seconds that it took:
/// `192.0.2.7 - - [06/Nov/1994:08:49:37 +0000] "GET /live.m3u8 HTTP/1.1" 200 512 0.001`.
enum CommonLog {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// - Parameters:
  ///   - arrival: when the request came.
  ///   - isSecret: whether a word of the target is a token.
  static func line(
    _ answer: FinishedExchange, at arrival: WallTime, isSecret: (String) -> Bool = { _ in false }
  ) -> String {
    let client = answer.client.address?.description ?? "-"
    let target = escaped(LoggedTarget.withoutTokens(answer.request.target, isSecret: isSecret))
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
