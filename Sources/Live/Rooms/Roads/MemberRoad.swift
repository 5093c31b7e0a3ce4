import HTTP
import Rooms

/// The way of messages to the page of one member. The rooms' thread sends; nothing waits.
protocol MemberRoad: AnyObject, Sendable {
  func send(_ message: RoadMessage)
  /// Ends the road after the messages that were sent before.
  func close(_ code: RoomCloseCode, reason: String)
}

/// A message to any number of pages: rendered once, and framed once for all WebSockets.
final class RoadMessage {
  /// No message of a room may be missed: a page that takes too few is disconnected.
  private static let kind = WebSocketMessageKind(number: 1, overflow: .disconnect)

  /// JSON.
  let text: String
  private lazy var frame = WebSocketFrame.text(text)

  init(_ text: String) {
    self.text = text
  }

  func send(to webSocket: WebSocket) {
    webSocket.send(frame, kind: Self.kind)
  }
}

extension RoomCloseCode {
  /// The code in a close frame.
  var webSocketCode: WebSocketCloseCode { WebSocketCloseCode(rawValue: UInt16(rawValue)) }
}
