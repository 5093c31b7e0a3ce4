/// A violation of RFC 6455 by the client, or a message beyond the limit. The WebSocket must end (§7.1.7).
struct WebSocketFailure: Error, Equatable {
  let code: WebSocketCloseCode
  /// A short sentence for the close frame; at most 123 bytes.
  let reason: String

  static func protocolError(_ reason: String) -> Self { Self(code: .protocolError, reason: reason) }

  static let invalidText = Self(code: .invalidPayload, reason: "the text is not UTF-8")
}
