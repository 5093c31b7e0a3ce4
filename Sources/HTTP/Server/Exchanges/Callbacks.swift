import CMicroHTTPD
import Glibc
import Synchronization
import System

// The functions that libmicrohttpd calls, on its threads.

/// The objects that the callbacks use.
final class Service: Sendable {
  /// A handler by reference.
  final class HandlerBox: Sendable {
    let answer: Server.Handler

    init(_ answer: @escaping Server.Handler) {
      self.answer = answer
    }
  }

  /// Set by `Server.start`, before the first connection is accepted.
  let handler = AtomicLazyReference<HandlerBox>()
  /// Header fields of the answers that the server gives without the handler.
  let headers: [(name: String, value: String)]
  /// The answer to a connection over the limit.
  let full: Response
  let waiters = Waiters()
  let traffic = Traffic()
  /// By number: an answer of one channel takes no part in the rounds of another.
  let channels: [Channel]
  let connections: Mutex<ConnectionTable>
  /// Nil where connections are plain.
  let tls: TLS?
  let log: @Sendable (String) -> Void
  let onAnswer: (@Sendable (FinishedExchange) -> Void)?
  let onClose: @Sendable (Int) -> Void

  init(
    channels: Int, limits: Server.Limits, headers: [(name: String, value: String)], tls: TLS?,
    log: @escaping @Sendable (String) -> Void,
    onTrouble: @escaping @Sendable (Server.Trouble) -> Void, onAnswer: (@Sendable (FinishedExchange) -> Void)?,
    onClose: @escaping @Sendable (Int) -> Void
  ) {
    (self.tls, self.log, self.onAnswer, self.onClose) = (tls, log, onAnswer, onClose)
    (self.headers, full) = (headers, Response.full.adding(headers))
    self.channels = (0..<channels).map { [traffic] _ in Channel(counting: traffic) { onTrouble(.late) } }
    connections = Mutex(ConnectionTable(limits))
  }

  /// Nobody follows any more.
  func closeFollowers() {
    for channel in channels { channel.close() }
  }

  func reply(to request: Request, waited: Int) -> Reply {
    guard let handler = handler.load() else { preconditionFailure("a client is let in before the server is started") }
    return handler.answer(request, waited)
  }

  static func from(_ context: UnsafeMutableRawPointer?) -> Service {
    Unmanaged.fromOpaque(context!).takeUnretainedValue()
  }
}

/// A connection has begun, or is about to be closed. In the second case its TLS session has already ended.
func connectionNotified(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ kept: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ event: MHD_ConnectionNotificationCode
) {
  guard let connection, let kept else { return }
  let service = Service.from(context)
  if event == .CONNECTION_NOTIFY_STARTED {
    guard let tls = service.tls else { return }
    kept.pointee = Unmanaged.passRetained(tls.session(on: connection)).toOpaque()
  } else {
    let socket = mhd_socket(connection)
    if let number = service.connections.withLock({ $0.leave(socket) }) { service.onClose(number) }
    if let session = kept.pointee { Unmanaged<TLSSession>.fromOpaque(session).release() }
  }
}

/// The request line has arrived.
func targetArrived(
  _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  let text = target.map { UnsafeRawBufferPointer(start: $0, count: strlen($0)) }
  let exchange = Exchange(target: text.map { Array($0) } ?? [])
  if let connection { TLSSession.of(connection)?.asked() }
  if let target, let mark = exchange.target.firstIndex(of: UInt8(ascii: "?")) {
    // libmicrohttpd would copy the query into its own memory, and if that runs out (0.9.75) the connection hangs. The
    // target lies in the connection's read buffer, so the query can be made to look empty.
    UnsafeMutablePointer(mutating: target)[mark + 1] = 0
  }
  return Unmanaged.passRetained(exchange).toOpaque()
}

/// Called when the head has arrived, again for each piece of the content, and again when the request is complete.
func requestArrived(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ target: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ content: UnsafePointer<CChar>?,
  _ contentLength: UnsafeMutablePointer<Int>?, _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let connection, let target, let method, let version, let state = state?.pointee else { return .NO }
  let service = Service.from(context)
  let exchange = Unmanaged<Exchange>.fromOpaque(state).takeUnretainedValue()
  // An answer at the first call closes the connection after it. That is for requests whose end cannot be trusted or is not
  // waited for.
  if let request = exchange.request {
    if let contentLength, contentLength.pointee > 0 {
      let isTaken = exchange.take(UnsafeRawBufferPointer(start: content, count: contentLength.pointee))
      contentLength.pointee = 0
      return isTaken ? .YES : .NO
    }
    return answer(complete(request, exchange, on: connection, service), exchange, on: connection, service)
  }
  if Bell.isBell(connection) {
    let silence = Growth(body: Bell.silence, from: 0, to: .max)
    return queue(Response(status: 200, growing: silence), exchange, on: connection, service)
  }
  exchange.began = Clock.monotonic()
  (exchange.method, exchange.version) = (String(cString: method), String(cString: version))
  let socket = mhd_socket(connection)
  let number = service.connections.withLock { $0.requestArrived(on: socket) }
  exchange.client = Client(connection: number ?? 0, address: IPAddress(mhd_address(connection)))
  guard number != nil else {
    return send(service.full, exchange, on: connection, service)
  }
  let fields = HeaderSection(of: connection, from: method, after: version + strlen(version))
  // The three words follow one another in memory. Otherwise a NUL has cut one of them short.
  guard fields.isWhole, target == method + strlen(method) + 1, version == target + exchange.target.count + 1 else {
    return send(.badRequest("malformed request"), exchange, on: connection, service)
  }
  let head = RequestHead(
    method: exchange.method, target: exchange.target, version: exchange.version, headers: fields.fields,
    client: exchange.client)
  switch head.verdict {
  case .accepted(let request):
    exchange.request = request
    exchange.takesChunks = head.version == "HTTP/1.1"
    return .YES
  case .acceptedWithContent(let request, let length):
    switch service.reply(to: request, waited: 0) {
    case .respond(let response): return send(response, exchange, on: connection, service)
    case .hold: return .NO
    case .content(let limit):
      guard let length else { return send(.lengthRequired, exchange, on: connection, service) }
      guard length <= limit else { return send(.contentTooLarge(limit), exchange, on: connection, service) }
      exchange.request = request
      exchange.takesChunks = head.version == "HTTP/1.1"
      exchange.expectContent(length)
      let now = Clock.monotonic()
      service.connections.withLock { $0.contentExpected(on: socket, at: now) }
      return .YES
    }
  case .answered(let response):
    return send(response.adding(service.headers), exchange, on: connection, service)
  }
}

/// The request, with its content if any was read.
private func complete(
  _ request: Request, _ exchange: Exchange, on connection: OpaquePointer, _ service: Service
) -> Request {
  guard request.content == nil, let content = exchange.content else { return request }
  var request = request
  request.content = content
  exchange.request = request
  let socket = mhd_socket(connection)
  service.connections.withLock { $0.contentArrived(on: socket) }
  return request
}

/// Answers, or suspends the connection. libmicrohttpd calls again for this request when the connection is resumed.
private func answer(
  _ request: Request, _ exchange: Exchange, on connection: OpaquePointer, _ service: Service
) -> MHD_Result {
  while true {
    let generation = service.waiters.generation
    let now = Clock.monotonic()
    switch service.reply(to: request, waited: now - (exchange.heldSince ?? now)) {
    case .respond(let response):
      // The handler is not called again for it, and the answer may take long.
      exchange.request = nil
      return send(response, exchange, on: connection, service)
    case .hold:
      exchange.heldSince = exchange.heldSince ?? now
      if service.waiters.suspend(connection, unlessAfter: generation) { return .YES }
      if service.waiters.isClosed { return .NO }
    case .content: preconditionFailure("a handler asks for content that it has")
    }
  }
}

private func send(
  _ response: Response, _ exchange: Exchange, on connection: OpaquePointer, _ service: Service
) -> MHD_Result {
  let (socket, now) = (mhd_socket(connection), Clock.monotonic())
  service.connections.withLock { $0.answerBegins(response, on: socket, at: now) }
  service.traffic.answered(response.status)
  (exchange.status, exchange.onEnd) = (response.status, response.onEnd)
  let hasContent = exchange.method != "HEAD" && response.status != 304 && response.growing == nil
  exchange.length = hasContent ? response.capacity : 0
  return queue(response, exchange, on: connection, service)
}

private func queue(
  _ response: Response, _ exchange: Exchange, on connection: OpaquePointer, _ service: Service
) -> MHD_Result {
  let prepared: PreparedResponse
  if let growth = response.growing {
    prepared = GrowthReader.response(growth, headers: response.headers, on: connection, exchange, service)
  } else if let endless = response.endless {
    prepared = EndlessReader.response(endless, headers: response.headers, on: connection, exchange, service)
  } else {
    prepared = response.prepared
  }
  return MHD_queue_response(connection, UInt32(response.status), prepared.pointer)
}

/// The answer is sent, or the connection is gone.
func exchangeCompleted(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
  let exchange = (state?.pointee).map { Unmanaged<Exchange>.fromOpaque($0).takeRetainedValue() }
  guard let connection else { return }
  let (service, socket, now) = (Service.from(context), mhd_socket(connection), Clock.monotonic())
  service.connections.withLock { $0.answerEnded(on: socket, at: now) }
  guard let exchange, let status = exchange.status else { return }
  if reason == .REQUEST_TERMINATED_COMPLETED_OK {
    exchange.sent += exchange.length
    service.traffic.sent(exchange.length)
  }
  exchange.onEnd?()
  service.onAnswer?(
    FinishedExchange(
      client: exchange.client,
      request: RequestLine(method: exchange.method, target: exchange.target, version: exchange.version),
      status: status, bytes: exchange.sent, duration: .nanoseconds(now - exchange.began)))
}

/// Leaves escapes alone, because `RequestTarget` decodes them strictly.
func leaveEscaped(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?
) -> Int {
  text.map { strlen($0) } ?? 0
}

func messageLogged(
  _ context: UnsafeMutableRawPointer?, _ format: UnsafePointer<CChar>?, _ values: CVaListPointer?
) {
  guard let format, let values else { return }
  var text = [CChar](repeating: 0, count: 512)
  vsnprintf(&text, text.count, format, values)
  let end = text.firstIndex(of: 0) ?? text.endIndex
  let message = String(decoding: text[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  Service.from(context).log(String(message.drop { $0 == "\n" }.split(separator: "\n").joined(separator: " ")))
}
