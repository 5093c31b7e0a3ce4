/// The valid tokens of a gate.
struct TokenList: Sendable {
  let tokens: [Token]
  /// The tokens' bytes, in the order of `tokens`: all of them lie side by side in memory.
  private let padded: [SIMD16<UInt64>]
  private let texts: Set<String>

  init(_ tokens: [Token]) {
    self.tokens = tokens
    padded = tokens.map(\.padded)
    texts = Set(tokens.map(\.text))
  }

  /// The token that a client shows. A text that breaks the rule of tokens, such as a text that is too long, is compared with
  /// none. Any other text is compared with all tokens, each time with 128 bytes: the time tells neither whether a token is
  /// the right one, nor how much of the token is right.
  func token(_ shown: String) -> Token? {
    guard let shown = Token(shown) else { return nil }
    var found = -1
    for index in padded.indices where Self.areEqual(padded[index], shown.padded) { found = index }
    return found >= 0 ? tokens[found] : nil
  }

  /// Whether a text is a valid token. The time depends on the token, so that no client may see that time.
  func contains(_ text: String) -> Bool { texts.contains(text) }

  private static func areEqual(_ left: SIMD16<UInt64>, _ right: SIMD16<UInt64>) -> Bool {
    let difference = left ^ right
    let eighth = difference.lowHalf | difference.highHalf
    let quarter = eighth.lowHalf | eighth.highHalf
    let pair = quarter.lowHalf | quarter.highHalf
    return pair[0] | pair[1] == 0
  }
}
