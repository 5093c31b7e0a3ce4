import Synchronization

/// The application's side of a WebSocket. Any thread may use it.
///
/// Messages wait in an inbox until the loop of the connection takes them. The inbox is bounded like the queue of the
/// connection, so that a client that takes nothing costs no more memory, however busy the loop is.
package final class WebSocket: Sendable {
  /// The messages and the wish since the loop looked last.
  struct Posts: Sendable {
    var backlog: WebSocketBacklog
    /// The client must be disconnected: it took too little.
    var isOverflowing = false
    var close: (code: WebSocketCloseCode, reason: String)?
    /// See `limitUnsent`.
    var unsentLimit: Int?
  }

  private struct Inbox: Sendable {
    var posts: Posts
    var hasPosts = false
    var isOver = false
  }

  /// The subprotocol that the handshake chose; nil without one.
  package let subprotocol: String?
  private let empty: Posts
  private let inbox: Mutex<Inbox>
  private let wake: @Sendable () -> Void

  /// - Parameters:
  ///   - limits: of the messages that wait in the inbox.
  ///   - wake: tells the loop of the connection to call `WebSocketSession.sendPending`. Called on any thread, once for all
  ///     posts until that call.
  package init(
    subprotocol: String? = nil, limits: WebSocketSettings.Limits, wake: @escaping @Sendable () -> Void
  ) {
    self.subprotocol = subprotocol
    empty = Posts(backlog: WebSocketBacklog(limits: limits))
    inbox = Mutex(Inbox(posts: empty))
    self.wake = wake
  }

  /// Sends a message; returns at once. After the end, the message is dropped.
  /// - Parameter frame: one frame may go to any number of clients. It is never copied.
  package func send(_ frame: WebSocketFrame, kind: WebSocketMessageKind) {
    post { posts in
      if posts.close != nil || posts.isOverflowing { return }
      if !posts.backlog.append(WebSocketBacklog.Entry(frame: frame, kind: kind)) {
        posts.isOverflowing = true
        posts.backlog.removeAll()
      }
    }
  }

  /// Ends the WebSocket after the messages that were sent before. Only the first call counts.
  /// - Parameters:
  ///   - code: one that a close frame may hold.
  ///   - reason: cut to 123 bytes.
  package func close(_ code: WebSocketCloseCode = .normal, reason: String = "") {
    precondition(code.isSendableByServer, "a close frame never holds the code \(code.rawValue)")
    post { posts in
      if posts.close == nil { posts.close = (code, reason) }
    }
  }

  /// Keeps the kernel from holding more than some unsent bytes (tcp(7), TCP_NOTSENT_LOWAT), so that messages wait where old
  /// ones can still be dropped. The other messages of the connection then leave in smaller pieces.
  package func limitUnsent(to bytes: Int) {
    post { $0.unsentLimit = bytes }
  }

  private func post(_ change: (inout Posts) -> Void) {
    let isFirst = inbox.withLock { inbox in
      if inbox.isOver { return false }
      change(&inbox.posts)
      defer { inbox.hasPosts = true }
      return !inbox.hasPosts
    }
    if isFirst { wake() }
  }

  /// Takes everything that was posted since the last call; nil if nothing was.
  func takePosts() -> Posts? {
    inbox.withLock { inbox in
      guard inbox.hasPosts else { return nil }
      defer { (inbox.posts, inbox.hasPosts) = (empty, false) }
      return inbox.posts
    }
  }

  /// The connection has ended: from now on, nothing is kept.
  func end() {
    inbox.withLock { inbox in
      inbox.isOver = true
      (inbox.posts, inbox.hasPosts) = (empty, false)
    }
  }
}
