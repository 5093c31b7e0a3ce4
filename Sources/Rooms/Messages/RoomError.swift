package import Core

/// A refusal, as the page gets it.
package struct RoomError: Error, Equatable, Sendable {
  package let code: ErrorCode
  /// A sentence for people.
  package let text: String
  /// A free name, with `nameTaken`.
  package let suggestion: String?
  /// The nonce of the refused chat, if it had one.
  package var nonce: String?

  package init(_ code: ErrorCode, _ text: String? = nil, suggestion: String? = nil) {
    self.code = code
    self.text = text ?? code.sentence
    self.suggestion = suggestion
  }

  /// The `error` message.
  package var json: JSON { ServerMessage.error(self).json }

  var fields: [(String, JSON)] {
    var fields: [(String, JSON)] = [("code", .string(code.rawValue)), ("text", .string(text))]
    fields.append("suggestion", suggestion.map { .string($0) })
    fields.append("nonce", nonce.map { .string($0) })
    return fields
  }
}
