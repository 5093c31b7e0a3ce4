/// A complete message of a client, however many frames it had (RFC 6455 §5.6).
package enum WebSocketMessage: Equatable, Sendable {
  case text(String)
  case binary([UInt8])
}
