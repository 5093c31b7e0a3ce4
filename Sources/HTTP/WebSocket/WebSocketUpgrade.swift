/// The consent of a handler to a WebSocket.
package struct WebSocketUpgrade: Sendable {
  let acceptance: WebSocketHandshake.Acceptance
  let settings: WebSocketSettings
  let open: @Sendable (WebSocket) -> any WebSocketHandler

  /// - Parameters:
  ///   - acceptance: of `WebSocketHandshake`.
  ///   - open: called once, on the thread of the connection, before the client gets the answer. The handler that is
  ///     returned hears of the client's messages.
  package init(
    _ acceptance: WebSocketHandshake.Acceptance, _ settings: WebSocketSettings,
    open: @escaping @Sendable (WebSocket) -> any WebSocketHandler
  ) {
    self.acceptance = acceptance
    self.settings = settings
    self.open = open
  }

  /// The header fields of the answer 101.
  var headers: [(name: String, value: String)] { acceptance.headers }
}
