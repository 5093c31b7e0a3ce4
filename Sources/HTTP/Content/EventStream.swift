import Synchronization

/// Events for any number of pages, which follow them with an `EventSource` (WHATWG HTML standard, section 9.2
/// "Server-sent events"). Each event is framed once. The answers end with the connection; a client that lags too far is
/// disconnected, and connects again by itself.
///
/// Any thread may send. After each send the application calls `Server.sendOn(channel:)`.
package final class EventStream: Sendable {
  /// The bounds of the memory that an event stream uses.
  package struct Limits: Sendable {
    /// The most events that a client which connects again can still get.
    package var history = 100
    /// The most bytes that may wait for one client, and the most bytes of the history.
    package var bytes = 256 << 10
    /// A client with more bytes waiting for so long is disconnected.
    package var lagTimeout = Duration.seconds(10)

    package init() {}
  }

  private struct State {
    var body: GrowingBody
    /// The events with an identifier, the oldest first.
    var history: [Past] = []
    var isFinished = false
  }

  private struct Past {
    let id: String
    let start: EndlessBody.Place
    let end: EndlessBody.Place
  }

  /// Bytes of one body. Memory is used as events come.
  private static let bodySize = 64 << 10

  private let limits: Limits
  private let content: EndlessBody
  private let headers: [(name: String, value: String)]
  private let state: Mutex<State>

  /// - Parameter headers: header fields of the answers beside Content-Type and Cache-Control.
  package init(limits: Limits = Limits(), headers: [(name: String, value: String)] = []) {
    self.limits = limits
    content = EndlessBody(capacity: limits.bytes, lagTimeout: limits.lagTimeout)
    self.headers =
      [(name: "Content-Type", value: "text/event-stream"), (name: "Cache-Control", value: "no-store")] + headers
    let body = GrowingBody(capacity: Self.bodySize)
    content.append(body, from: 0)
    state = Mutex(State(body: body))
  }

  /// Sends an event to all clients. After `finish`, it does nothing.
  /// - Parameters:
  ///   - event: the name of the event; nil is `message`.
  ///   - data: any text; its line breaks arrive as LF.
  ///   - id: kept in the history; nil for an event that a client which connects again need not get.
  package func send(event: String? = nil, data: String, id: String? = nil) {
    send(ServerSentEvent(name: event, data: data, id: id))
  }

  /// Sends an event to all clients. After `finish`, it does nothing.
  package func send(_ event: ServerSentEvent) {
    let bytes = event.bytes
    state.withLock { state in
      guard !state.isFinished else { return }
      let start = append(bytes, &state)
      guard let id = event.id else { return }
      state.history.append(Past(id: id, start: start, end: content.place(at: state.body.count)))
      trim(&state)
    }
  }

  /// Sends a line that pages do not see. Without events, proxies close a connection; the standard advises a comment
  /// every 15 seconds or so. A comment also finds the clients that lag.
  package func comment(_ text: String = "") {
    let bytes = ServerSentEvent.comment(text)
    state.withLock { state in
      if !state.isFinished { append(bytes, &state) }
    }
  }

  /// The answers end; clients connect again after a while.
  package func finish() {
    state.withLock { state in
      state.isFinished = true
      state.body.finish()
    }
  }

  /// An answer that begins with the next event; with Last-Event-ID, behind the event that the client got last. A client
  /// whose last event is not in the history gets the whole history.
  /// - Parameter withHistory: whether a client without Last-Event-ID gets the history, too.
  package func response(to request: Request, withHistory: Bool = false) -> Response {
    switch request.method {
    case .put, .other: return .methodNotAllowed
    case .options:
      return headers.contains { $0.name == "Access-Control-Allow-Origin" } ? CORS.preflight : .options
    case .get, .head: break
    }
    let last = request.header("Last-Event-ID").flatMap { $0.isEmpty ? nil : $0 }
    let start = state.withLock { place(after: last, withHistory: withHistory, $0) }
    return Response(status: 200, headers: headers, endless: Endless(content, from: start))
  }

  private func place(after last: String?, withHistory: Bool, _ state: State) -> EndlessBody.Place {
    let end = content.place(at: state.body.count)
    guard last != nil || withHistory else { return end }
    if let known = state.history.last(where: { $0.id == last }) { return known.end }
    return state.history.first?.start ?? end
  }

  /// - Returns: the place of the first byte.
  @discardableResult
  private func append(_ bytes: [UInt8], _ state: inout State) -> EndlessBody.Place {
    if state.body.capacity - state.body.count < bytes.count {
      let full = state.body
      state.body = GrowingBody(capacity: max(Self.bodySize, bytes.count))
      // In this order: a body without a successor that is finished is the last one.
      content.append(state.body, from: 0)
      full.finish()
    }
    defer { state.body.append(bytes[...]) }
    return content.place(at: state.body.count)
  }

  private func trim(_ state: inout State) {
    let end = content.place(at: state.body.count).offset
    while let oldest = state.history.first,
      state.history.count > limits.history || end - oldest.start.offset > limits.bytes
    {
      state.history.removeFirst()
    }
  }
}
