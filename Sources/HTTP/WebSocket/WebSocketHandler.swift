/// The part of the application that one WebSocket informs. The methods are called on the thread of the connection's loop, so they never
/// wait. They may call the `WebSocket`.
package protocol WebSocketHandler: Sendable {
  func received(_ message: WebSocketMessage)

  /// Called once. No message follows.
  /// - Parameters:
  ///   - code: of the side that closed first; 1005 if the client gave none, 1006 if the connection broke.
  ///   - reason: at most 123 bytes.
  func closed(_ code: WebSocketCloseCode, reason: String)
}
