/// The lines of a text file that a person writes: a configuration, a list of tokens.
///
/// A line ends at LF or at CRLF, and at nothing else. A text with another control character or line separator is refused:
/// most editors do not show such a character, so that a comment would end where nobody sees its end.
package enum TextLines {
  package struct Malformed: Error, Equatable, CustomStringConvertible {
    /// From 1.
    package let line: Int
    /// The character that breaks the rule, such as `U+2028`.
    package let character: String
    package let rule: String
    package var description: String { "line \(line): \(character): \(rule)" }

    package init(line: Int, character: String, rule: String) {
      self.line = line
      self.character = character
      self.rule = rule
    }
  }

  package static func of(_ text: String) throws(Malformed) -> [Substring] {
    if text.unicodeScalars.first == "\u{FEFF}" {
      throw Malformed(
        line: 1, character: "U+FEFF",
        rule: "the file begins with a byte order mark; save the file as UTF-8 without one")
    }
    var lines: [Substring] = []
    var rest = Substring(text).utf8
    while true {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      var line = Substring(rest[..<end])
      if end < rest.endIndex, line.utf8.last == UInt8(ascii: "\r") { line = Substring(line.utf8.dropLast()) }
      if let control = line.unicodeScalars.first(where: isControl) {
        throw Malformed(
          line: lines.count + 1, character: name(of: control),
          rule: "a line ends with LF or CRLF, and has no other control character")
      }
      lines.append(line)
      guard end < rest.endIndex else { return lines }
      rest = rest[rest.index(after: end)...]
    }
  }

  /// Whether a character is a control (U+0000 to U+001F and U+007F to U+009F) other than a tab, or a separator of lines or
  /// paragraphs.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09: false
    case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029: true
    default: false
    }
  }

  /// U+2028, for example.
  private static func name(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
