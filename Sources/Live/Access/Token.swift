import Core

/// A word that opens the streams, or the operators' pages, to every client that shows it.
package struct Token: Hashable, Sendable {
  /// RFC 3986 §2.3: these need no escaping in a URL, nor in a cookie or a playlist.
  package static let rule: SettingText = "it must be 8 to 128 letters, digits, - . _ or ~"

  let text: String
  private let bytes: [UInt8]

  /// Nil where the rule is broken.
  package init?(_ text: String) {
    let isUnreserved = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: "-._~".utf8.contains(byte)
      }
    }
    guard isUnreserved, (8...128).contains(text.utf8.count) else { return nil }
    self.text = text
    bytes = Array(text.utf8)
  }

  /// Whether a client showed this token. The time depends on the length of the shown word, and not on the token.
  func matches(_ shown: [UInt8]) -> Bool {
    var difference = bytes.count ^ shown.count
    for (index, byte) in shown.enumerated() { difference |= Int(byte ^ bytes[index % bytes.count]) }
    return difference == 0
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
