import Core
import Synchronization

/// A playlist in all its spellings: one is plain, and in the others the URIs carry a token. Each is made when it is asked
/// for first; two that ask at once may both make it.
final class TokenVariants<Value: Sendable>: Sendable {
  private let plain: Lazy<Value>
  /// No more than there are tokens.
  private let carrying = Mutex<[Token: Value]>([:])
  private let make: @Sendable (Token?) -> Value

  init(_ make: @escaping @Sendable (Token?) -> Value) {
    self.make = make
    plain = Lazy { make(nil) }
  }

  subscript(token: Token?) -> Value {
    guard let token else { return plain.value }
    if let made = carrying.withLock({ $0[token] }) { return made }
    let made = make(token)
    return carrying.withLock { values in
      let value = values[token] ?? made
      values[token] = value
      return value
    }
  }
}

extension String {
  /// The text of a playlist whose URIs, and nothing else in it but what plays, end in ".mp3", with the token in their
  /// queries.
  func carrying(_ token: Token?) -> String {
    guard let token else { return self }
    return split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("#EXT-X-DATERANGE:") ? $0 : $0.replacing(".mp3", with: ".mp3?token=\(token.text)") }
      .joined(separator: "\n")
  }
}
