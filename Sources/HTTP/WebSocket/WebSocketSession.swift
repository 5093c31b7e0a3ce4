package import System

/// The state of one connection after the handshake: ties the frames of the client, the frames to the client, the deadlines and
/// the application together. Pure: the caller reads, sends, and tells the time.
package struct WebSocketSession: Sendable {
  package enum Verdict: Equatable {
    /// Everything is sent. Call again when the `WebSocket` wakes the loop.
    case sent
    /// Call again when the client takes more.
    case blocked
    /// The connection must be closed.
    case over
  }

  private enum Stage: Equatable {
    case open
    /// The close frame of this side waits or is sent; that of the client has not come.
    case closing
    /// Nothing more is read. The connection ends when the close frame of this side is sent.
    case finishing
    case over
  }

  private let webSocket: WebSocket
  private let handler: any WebSocketHandler
  private let settings: WebSocketSettings
  private var machine: WebSocketMachine
  private var queue: WebSocketQueue
  private var stage = Stage.open
  private var lastReceived: MonotonicTime
  private var nextPing: MonotonicTime
  /// The end of the connection whatever comes, once a close frame is due.
  private var closeDeadline: MonotonicTime?
  private var unsentLimit: Int?

  /// - Parameter now: the instant of the handshake.
  package init(
    _ webSocket: WebSocket, handler: any WebSocketHandler, settings: WebSocketSettings, at now: MonotonicTime
  ) {
    self.webSocket = webSocket
    self.handler = handler
    self.settings = settings
    machine = WebSocketMachine(messageLimit: settings.messageLimit)
    queue = WebSocketQueue(limits: settings.backlog)
    lastReceived = now
    nextPing = now + settings.pingInterval
  }

  package var isOver: Bool { stage == .over }

  /// The limit of unsent bytes in the kernel that the application has set since the last call.
  package mutating func takeUnsentLimit() -> Int? { unsentLimit.take() }

  /// The instant of the next `tick`; nil once the session is over.
  package var deadline: MonotonicTime? {
    switch stage {
    case .open: min(nextPing, lastReceived + settings.silenceTimeout)
    case .closing, .finishing: closeDeadline
    case .over: nil
    }
  }

  /// Takes bytes of the client. Call `sendPending` afterwards, because there may be an answer.
  package mutating func receive(_ bytes: UnsafeRawBufferPointer, at now: MonotonicTime) {
    lastReceived = now
    var rest = bytes
    while stage == .open || stage == .closing, let event = machine.receive(&rest) {
      switch event {
      case .message(let message):
        if stage == .open { handler.received(message) }
      case .ping(let payload): queue.answerPing(payload)
      case .pong: break
      case .close(let code, let reason):
        // RFC 6455 §5.5.1: "When sending a Close frame in response, the endpoint typically echos the status code it received."
        finish(.close(code), afterMessages: false, code ?? .noStatus, reason, at: now)
      case .failure(let code, let reason):
        // The answers to the messages before it are still sent.
        takePosts(at: now)
        finish(.close(code, reason: reason), afterMessages: true, code, reason, at: now)
      }
    }
  }

  /// Sends what waits.
  /// - Parameter send: as for `Delivering.sendPending`.
  package mutating func sendPending(
    at now: MonotonicTime, send: (_ bytes: UnsafeRawBufferPointer, _ more: Bool) -> Int?
  ) -> Verdict {
    if isOver { return .over }
    takePosts(at: now)
    switch queue.sendPending(send: send) {
    case .sent: return .sent
    case .blocked: return .blocked
    case .closed:
      guard stage == .finishing else { return .sent }
      end()
    case .broken: connectionEnded()
    }
    return .over
  }

  /// Does what is due: a ping, or the end of a connection whose client is silent. Call `sendPending` afterwards.
  package mutating func tick(at now: MonotonicTime) {
    switch stage {
    case .open:
      if now >= lastReceived + settings.silenceTimeout {
        close(.internalError, reason: "no answer to a ping", afterMessages: false, at: now)
      } else if now >= nextPing {
        queue.sendPing()
        nextPing = now + settings.pingInterval
      }
    case .closing, .finishing:
      if let closeDeadline, now >= closeDeadline { end() }
    case .over: break
    }
  }

  /// Ends the WebSocket from this side. Call `sendPending` afterwards.
  /// - Parameter afterMessages: whether the waiting messages are sent before.
  package mutating func close(
    _ code: WebSocketCloseCode, reason: String = "", afterMessages: Bool, at now: MonotonicTime
  ) {
    guard stage == .open else { return }
    queue.finish(.close(code, reason: reason), afterMessages: afterMessages)
    stage = .closing
    closeDeadline = now + settings.closeTimeout
    handler.closed(code, reason: reason)
  }

  /// The connection ended or broke, or the caller gives it up.
  package mutating func connectionEnded() {
    if stage == .open { handler.closed(.abnormal, reason: "") }
    end()
  }

  private mutating func takePosts(at now: MonotonicTime) {
    guard let posts = webSocket.takePosts() else { return }
    if let limit = posts.unsentLimit { unsentLimit = limit }
    let isTaken = !posts.isOverflowing && posts.backlog.entries.allSatisfy { queue.append($0) }
    if !isTaken {
      close(settings.slownessCode, reason: "the messages are taken too slowly", afterMessages: false, at: now)
    } else if let (code, reason) = posts.close {
      close(code, reason: reason, afterMessages: true, at: now)
    }
  }

  /// Nothing more is read.
  private mutating func finish(
    _ frame: WebSocketFrame, afterMessages: Bool, _ code: WebSocketCloseCode, _ reason: String, at now: MonotonicTime
  ) {
    let isFirst = stage == .open
    queue.finish(frame, afterMessages: afterMessages)
    stage = .finishing
    closeDeadline = closeDeadline ?? now + settings.closeTimeout
    if isFirst { handler.closed(code, reason: reason) }
  }

  private mutating func end() {
    stage = .over
    webSocket.end()
  }
}
