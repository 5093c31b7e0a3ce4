import HTTP

/// A path of the server, and the limits of its WebSockets.
enum EchoPath {
  /// The subprotocols that the server speaks.
  static let subprotocols = ["echo.1", "echo.2"]

  /// Nil if there is no such path.
  static func settings(of path: String) -> WebSocketSettings? {
    let large = WebSocketSettings.Limits(messages: 100_000, bytes: 1 << 26)
    let small = WebSocketSettings.Limits(messages: 10, bytes: 1 << 20)
    switch path {
    case "/": return WebSocketSettings(messageLimit: 1 << 25, backlog: large)
    case "/small": return WebSocketSettings(messageLimit: 1000, backlog: small, closeTimeout: .seconds(1))
    case "/pings":
      return WebSocketSettings(
        messageLimit: 1000, backlog: small, pingInterval: .seconds(1), silenceTimeout: .seconds(3),
        closeTimeout: .seconds(1))
    default: return nil
    }
  }
}
