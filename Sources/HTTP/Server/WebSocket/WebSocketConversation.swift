import Glibc
import System

/// WebSocket on one connection (RFC 6455), after the upgrade.
final class WebSocketConversation: Conversation {
  private unowned let connection: Connection
  private var session: WebSocketSession
  /// The client has sent its last byte.
  private var isAtEnd = false

  init(_ upgrade: WebSocketUpgrade, on connection: Connection) {
    self.connection = connection
    let (mailbox, key) = (connection.loop.mailbox, connection.key)
    let webSocket = WebSocket(subprotocol: upgrade.acceptance.subprotocol, limits: upgrade.settings.backlog) {
      mailbox.post { $0.ready.append(key) }
    }
    session = WebSocketSession(
      webSocket, handler: upgrade.open(webSocket), settings: upgrade.settings, at: connection.loop.now)
    setDeadline()
  }

  var wantsInput: Bool { !isAtEnd && !session.isOver }

  func receive(_ bytes: UnsafeRawBufferPointer) {
    session.receive(bytes, at: connection.loop.now)
    canSend()
  }

  func inputEnded() {
    isAtEnd = true
    session.connectionEnded()
    connection.close()
  }

  func canSend() {
    let connection = connection
    let verdict = session.sendPending(at: connection.loop.now) { bytes, more in connection.send(bytes, more: more) }
    if let limit = session.takeUnsentLimit() { connection.limitUnsent(to: Int32(clamping: limit)) }
    if verdict == .over { connection.finish(lingering: !isAtEnd) } else { setDeadline() }
  }

  func isOverdue(_ step: Deadlines.Step) -> Lateness {
    session.tick(at: connection.loop.now)
    canSend()
    return session.deadline.map { .postponed(until: $0) } ?? .close
  }

  /// RFC 6455 §7.4.1: "1001 indicates that an endpoint is "going away", such as a server going down".
  func serverEnds() {
    session.close(.goingAway, reason: "the server ends", afterMessages: false, at: connection.loop.now)
    canSend()
  }

  func closed() {
    session.connectionEnded()
  }

  private func setDeadline() {
    guard let deadline = session.deadline else { return }
    connection.loop.deadlines.await(connection.slot, until: deadline)
  }
}
