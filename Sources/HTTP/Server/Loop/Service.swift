import Synchronization
import System

/// The values that all loops of a server share.
final class Service: Sendable {
  /// Set by `Server.start`, before the message that lets the loops take connections.
  nonisolated(unsafe) var handler: Server.Handler?
  let limits: Server.Limits
  /// The number of channels.
  let channels: Int
  /// Header fields of the answers that the server gives without the handler.
  let headers: [(name: String, value: String)]
  /// The answer to a connection over the limit.
  let full: Response
  let traffic = Traffic()
  let admissions: Mutex<Admissions>
  /// Nil where connections are plain.
  let tls: TLS?
  /// The chunk that was made last in each channel, for any loop.
  let chunks: [LatestChunk]
  let log: @Sendable (String) -> Void
  let onTrouble: @Sendable (Server.Trouble) -> Void
  let onAnswer: (@Sendable (FinishedExchange) -> Void)?
  let onClose: @Sendable (Int) -> Void

  init(_ settings: Server.Settings, _ observers: Server.Observers) {
    limits = settings.limits
    channels = settings.channels
    (headers, full) = (settings.headers, Response.full.adding(settings.headers))
    admissions = Mutex(Admissions(settings.limits))
    tls = settings.certificate.map { TLS($0) }
    chunks = (0..<settings.channels).map { _ in LatestChunk() }
    (log, onTrouble) = (observers.log, observers.onTrouble)
    (onAnswer, onClose) = (observers.onAnswer, observers.onClose)
  }

  func reply(to request: Request, waited: Int) -> Reply {
    guard let handler else { preconditionFailure("a client is let in before the server is started") }
    return handler(request, waited)
  }

  /// An answer is over, whether it was sent whole or not.
  func finished(_ exchange: Exchange) {
    guard let response = exchange.response else { return }
    let sent = exchange.sent
    traffic.answered(response.status)
    switch exchange.delivery {
    case .slices, .file: traffic.sent(sent)
    // A round counts the bytes of these.
    case .none, .chunks, .growth, .endless: break
    }
    response.onEnd?()
    guard let onAnswer, let line = exchange.line else { return }
    onAnswer(
      FinishedExchange(
        client: exchange.client, request: line, status: response.status, bytes: sent,
        duration: MonotonicTime.now - exchange.began))
  }
}
