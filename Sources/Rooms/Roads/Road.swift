/// The way by which the messages of a connection travel.
package enum Road: Equatable, Sendable {
  /// A WebSocket with the subprotocol `ringcast.room.1`.
  case webSocket
  /// A WebSocket without a subprotocol: perhaps a page that knows only `client_message` and `server_message`.
  case plainWebSocket
  /// Server-sent events for the messages to the page, and POST for the messages from it.
  case events
  /// Long polling for the messages to the page, and POST for the messages from it.
  case longPolling

  /// Whether binary messages have a way.
  var carriesSound: Bool { self == .webSocket || self == .plainWebSocket }
}
