import CMicroHTTPD
import Glibc
import Synchronization

/// An HTTP/1.1 server: libmicrohttpd's threads, each with an epoll of its own, call one handler.
package final class Server: Sendable {
  /// What one client, or all together, may take up.
  package struct Limits: Sendable {
    /// Connections at a time; more wait in the listen queue.
    package var connections = 20_000
    /// Connections at a time from one address; 0 is no limit.
    package var connectionsPerAddress = 0
    /// Bytes for a request's line and header fields and the answer's header fields. All of it is resident from the second
    /// request on, because libmicrohttpd clears it.
    package var memoryPerConnection = 16 * 1024
    /// A connection on which nothing has moved for so many seconds is closed; 0 is never.
    package var idleSeconds = 60

    package init() {}
  }

  /// Answers a request, `waited` nanoseconds after it was held first, or holds it.
  package typealias Handler = @Sendable (_ request: Request, _ waited: Int) -> Reply

  package let host: String
  package let port: UInt16
  private let service: Service
  private let daemon: Mutex<OpaquePointer?>

  /// Listens and answers from now on.
  /// - Parameters:
  ///   - host: a name or an address of this machine; "::" is all of them.
  ///   - port: 0 picks a free one.
  ///   - log: gets libmicrohttpd's own messages, mostly about what clients do wrong, from any thread.
  ///   - handler: answers each well-formed request, on any of the threads; it must not block.
  package init(
    host: String, port: UInt16, threads: Int = 2, limits: Limits = Limits(),
    log: @escaping @Sendable (String) -> Void = { _ in }, handler: @escaping Handler
  ) throws(ServerError) {
    let socket = try ListenSocket(host: host, port: port)
    service = Service(handler: handler, log: log)
    let callbacks = mhd_callbacks(
      target: targetArrived, request: requestArrived, completed: exchangeCompleted, unescape: leaveEscaped,
      // A closure, because va_list is optional on some processors and not on others.
      log: { messageLogged($0, $1, $2) }, context: Unmanaged.passUnretained(service).toOpaque())
    let daemon = mhd_start(
      socket.descriptor, UInt32(threads), UInt32(limits.connections), UInt32(limits.connectionsPerAddress),
      limits.memoryPerConnection, UInt32(limits.idleSeconds), callbacks)
    // Where it fails it has mostly closed the socket, and closing twice is worse than not at all.
    guard let daemon else { throw ServerError(host: host, port: port, call: "MHD_start_daemon", code: errno) }
    (self.host, self.port) = (host, socket.port)
    self.daemon = Mutex(daemon)
  }

  /// Something has happened: requests that are held are asked again, and growing bodies are sent on. Not for a thread
  /// that must not wait: it takes a while where thousands are waiting.
  package func wake() {
    service.waiters.wake()
  }

  /// Closes every connection; no handler runs afterwards. Once is enough.
  package func stop() {
    // libmicrohttpd panics if it is stopped while a connection is suspended.
    service.waiters.wake(closing: true)
    // Threads that are being waited for never ask for this lock.
    daemon.withLock { daemon in
      if let daemon { MHD_stop_daemon(daemon) }
      daemon = nil
    }
  }

  deinit {
    // The threads hold `service` unretained.
    precondition(daemon.withLock { $0 == nil }, "a server is stopped before it is let go")
  }
}

/// What the callbacks need.
private final class Service: Sendable {
  let handler: Server.Handler
  let waiters = Waiters()
  let log: @Sendable (String) -> Void

  init(handler: @escaping Server.Handler, log: @escaping @Sendable (String) -> Void) {
    (self.handler, self.log) = (handler, log)
  }

  static func from(_ context: UnsafeMutableRawPointer?) -> Service {
    Unmanaged.fromOpaque(context!).takeUnretainedValue()
  }
}

private func targetArrived(
  _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  let text = target.map { UnsafeRawBufferPointer(start: $0, count: strlen($0)) }
  let exchange = Exchange(target: text.map { Array($0) } ?? [])
  if let target, let mark = exchange.target.firstIndex(of: UInt8(ascii: "?")) {
    // libmicrohttpd would go on to read the query into its own memory, and where that runs out (0.9.75) the connection
    // hangs. The target lies in the connection's read buffer, so the query can be made to look empty.
    UnsafeMutablePointer(mutating: target)[mark + 1] = 0
  }
  return Unmanaged.passRetained(exchange).toOpaque()
}

private func requestArrived(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ target: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ content: UnsafePointer<CChar>?,
  _ contentLength: UnsafeMutablePointer<Int>?, _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let connection, let target, let method, let version, let state = state?.pointee else { return .NO }
  let service = Service.from(context)
  let exchange = Unmanaged<Exchange>.fromOpaque(state).takeUnretainedValue()
  // libmicrohttpd calls twice: when the head is there, and when the request is complete. An answer at the first call
  // closes the connection after it, so that is for requests whose end is not to be trusted or not to be waited for.
  if let request = exchange.request { return answer(request, exchange, on: connection, service) }
  var head = RequestHead(
    method: String(cString: method), target: exchange.target, version: String(cString: version),
    headers: headers(of: connection))
  // The version stands right behind the target: if it does not, a NUL has cut the target short.
  if version != target + exchange.target.count + 1 { head.target.append(0) }
  switch head.verdict {
  case .accepted(let request):
    exchange.request = request
    return .YES
  case .acceptedWithContent(let request):
    guard case .respond(let response) = service.handler(request, 0) else { return .NO }
    return send(response, on: connection, service)
  case .answered(let response): return send(response, on: connection, service)
  }
}

/// Answers, or suspends the connection: then libmicrohttpd calls for this request again when it is resumed.
private func answer(
  _ request: Request, _ exchange: Exchange, on connection: OpaquePointer, _ service: Service
) -> MHD_Result {
  while true {
    let generation = service.waiters.generation
    let now = monotonicNanoseconds()
    switch service.handler(request, now - (exchange.heldSince ?? now)) {
    case .respond(let response): return send(response, on: connection, service)
    case .hold:
      exchange.heldSince = exchange.heldSince ?? now
      if service.waiters.suspend(connection, unlessAfter: generation) { return .YES }
      if service.waiters.isClosed { return .NO }
    }
  }
}

private func monotonicNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

private func send(_ response: Response, on connection: OpaquePointer, _ service: Service) -> MHD_Result {
  if let growth = response.growing {
    let prepared = GrowthReader.response(growth, headers: response.headers, on: connection, service.waiters)
    return MHD_queue_response(connection, UInt32(response.status), prepared.pointer)
  }
  let prepared = response.prepared.load() ?? response.prepared.storeIfNil(PreparedResponse(response))
  return MHD_queue_response(connection, UInt32(response.status), prepared.pointer)
}

private func headers(of connection: OpaquePointer) -> HeaderFields {
  var headers = HeaderFields()
  withUnsafeMutablePointer(to: &headers) {
    _ = MHD_get_connection_values_n(connection, .HEADER_KIND, appendHeader, $0)
  }
  return headers
}

private func appendHeader(
  _ headers: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameLength: Int,
  _ value: UnsafePointer<CChar>?, _ valueLength: Int
) -> MHD_Result {
  headers!.assumingMemoryBound(to: HeaderFields.self).pointee.append(
    name: UnsafeRawBufferPointer(start: name, count: nameLength),
    value: UnsafeRawBufferPointer(start: value, count: valueLength))
  return .YES
}

private func exchangeCompleted(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
  if let exchange = state?.pointee { Unmanaged<Exchange>.fromOpaque(exchange).release() }
}

/// `RequestTarget` decodes, and strictly.
private func leaveEscaped(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?
) -> Int {
  text.map { strlen($0) } ?? 0
}

private func messageLogged(
  _ context: UnsafeMutableRawPointer?, _ format: UnsafePointer<CChar>?, _ values: CVaListPointer?
) {
  guard let format, let values else { return }
  var text = [CChar](repeating: 0, count: 512)
  vsnprintf(&text, text.count, format, values)
  let end = text.firstIndex(of: 0) ?? text.endIndex
  let message = String(decoding: text[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  Service.from(context).log(String(message.drop { $0 == "\n" }.split(separator: "\n").joined(separator: " ")))
}
