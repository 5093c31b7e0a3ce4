import Core
import Synchronization

/// A playlist in all its forms: one is plain, and in each of the others the URIs carry a token. Each form is rendered at the
/// first request for it; two requests at the same time may both render it.
final class TokenVariants<Value: Sendable>: Sendable {
  private let plain: Lazy<Value>
  /// By token; at most as many as there are tokens.
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

extension Token {
  /// The token in the query of a URI. It needs no escaping there.
  var query: String { "token=\(text)" }
}
