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
  /// The answers to a request over the limit of connections, and over the limit of its address.
  let full: Response
  let crowded: Response
  let trustedProxies: TrustedProxies
  let traffic = Traffic()
  let admissions: Mutex<Admissions>
  /// Nil where every connection is plain.
  let tls: TLS?
  /// The chunk that was made last in each channel, for any loop.
  let chunks: [LatestChunk]
  /// Read the files that are not in memory.
  let readers = FileReaders()
  let log: @Sendable (String) -> Void
  let onTrouble: @Sendable (Server.Trouble) -> Void
  let onAnswer: (@Sendable (FinishedExchange) -> Void)?
  let onClose: @Sendable (Int) -> Void

  /// - Parameter isSecure: whether a port speaks TLS.
  init(_ settings: Server.Settings, _ observers: Server.Observers, isSecure: Bool) {
    limits = settings.limits
    channels = settings.channels
    (headers, trustedProxies) = (settings.headers, settings.trustedProxies)
    (full, crowded) = (Response.full.adding(settings.headers), Response.crowded.adding(settings.headers))
    admissions = Mutex(Admissions(settings.limits))
    tls = isSecure ? TLS(settings.certificate) : nil
    chunks = (0..<settings.channels).map { _ in LatestChunk() }
    (log, onTrouble) = (observers.log, observers.onTrouble)
    (onAnswer, onClose) = (observers.onAnswer, observers.onClose)
  }

  func reply(to request: Request, waited: Int) -> Reply {
    guard let handler else { preconditionFailure("a client is let in before the server is started") }
    return handler(request, waited)
  }

  /// The address under which a connection counts; nil for a trusted proxy, which has many clients.
  func countedAddress(of client: Client) -> ClientAddress? {
    trustedProxies.contains(client.address) ? nil : client.address.map(ClientAddress.init)
  }

  /// Lets a request take places of its own, until `finished`.
  /// - Returns: the answer where there is no place; nil where there is.
  func admit(_ exchange: Exchange, _ claim: Admissions.Claim) -> Response? {
    switch admissions.withLock({ $0.admitRequest(claim) }) {
    case .admitted:
      exchange.claim = claim
      return nil
    case .overLimit:
      onTrouble(.full)
      return full
    case .overAddressLimit:
      onTrouble(.crowded(address: claim.address?.description ?? ""))
      return crowded
    }
  }

  /// An exchange is over, whether its answer was sent whole or not.
  func finished(_ exchange: Exchange) {
    if let claim = exchange.claim.take() { admissions.withLock { $0.leaveRequest(claim) } }
    guard let response = exchange.response else { return }
    defer { response.onEnd?() }
    // Where the client was gone before the head was sent, there was no answer.
    guard exchange.hasSentHead else { return }
    let sent = exchange.sent
    traffic.answered(response.status)
    switch exchange.delivery {
    case .slices, .file: traffic.sent(sent)
    // A round counts the bytes of these.
    case .none, .chunks, .growth, .endless: break
    }
    guard let onAnswer, let line = exchange.line else { return }
    onAnswer(
      FinishedExchange(
        client: exchange.client, request: line, status: response.status, bytes: sent,
        duration: MonotonicTime.now - exchange.began))
  }

  /// A client that speaks HTTP where TLS is spoken was answered.
  func refusedPlain(_ client: Client, _ line: RequestLine?, status: Int, bytes: Int) {
    traffic.answered(status)
    traffic.sent(bytes)
    onAnswer?(
      FinishedExchange(
        client: client, request: line ?? RequestLine(method: "", target: [], version: ""), status: status, bytes: bytes,
        duration: .zero))
  }
}
