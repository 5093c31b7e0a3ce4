import Synchronization

/// The end of the WebSocket that was closed last.
final class ClosedRecord: Sendable {
  private let text = Mutex("")

  func note(_ end: String) {
    text.withLock { $0 = end }
  }

  var latest: String { text.withLock { $0 } }
}
