import Core

/// A word that opens the streams, or the operators' pages, to every client that shows it.
package struct Token: Hashable, Sendable {
  /// RFC 3986 §2.3: these need no escaping in a URL, nor in a cookie or a playlist.
  package static let rule: SettingText = "it must be 8 to 128 letters, digits, - . _ or ~"

  /// Bytes.
  static let longest = 128

  let text: String
  /// The bytes of the text, and zeros behind them.
  let padded: SIMD16<UInt64>

  /// Nil where the rule is broken.
  package init?(_ text: String) {
    guard (8...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isUnreserved) else { return nil }
    self.text = text
    var words = SIMD16<UInt64>()
    for (index, byte) in text.utf8.enumerated() { words[index / 8] |= UInt64(byte) << (index % 8 * 8) }
    padded = words
  }

  /// RFC 3986 §2.3
  static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "-._~".utf8.contains(byte)
    }
  }
}

extension Token {
  /// The tokens of a text, one a line; a number sign begins a comment.
  /// - Throws: the rule for the first line that is no token, with the line's number.
  static func list(_ text: String) throws(InvalidInput.Rule) -> [Token] {
    var tokens: [Token] = []
    let lines: [Substring]
    do {
      lines = try TextLines.of(text)
    } catch {
      throw InvalidInput.Rule(SettingText("\(error)"))
    }
    for (index, line) in lines.enumerated() {
      let word = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      if word.isEmpty { continue }
      // The line itself is not repeated: it may be a token with a slip.
      guard let token = Token(word) else { throw InvalidInput.Rule("line \(index + 1): \(rule.text(\.rawValue))") }
      tokens.append(token)
    }
    return tokens
  }
}
