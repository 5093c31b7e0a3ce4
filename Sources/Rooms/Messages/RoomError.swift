package import Core

/// A refusal, as the page gets it.
package struct RoomError: Error, Equatable, Sendable {
  package let code: ErrorCode
  /// A sentence for people.
  package let text: String
  /// A free name, with `nameTaken`.
  package let suggestion: String?

  package init(_ code: ErrorCode, _ text: String? = nil, suggestion: String? = nil) {
    self.code = code
    self.text = text ?? code.sentence
    self.suggestion = suggestion
  }

  /// The `error` message.
  package var json: JSON { ServerMessage.error(self).json }
}
