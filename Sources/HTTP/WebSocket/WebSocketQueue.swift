/// The frames on their way to one client. Control frames go before messages. A frame that was begun is always sent
/// completely. Pure: the caller does the sending.
struct WebSocketQueue: Sendable {
  enum Verdict: Equatable {
    /// Everything is sent.
    case sent
    /// Call again when the client takes more.
    case blocked
    /// Everything is sent, the close frame too. Nothing may follow.
    case closed
    /// The client is gone.
    case broken
  }

  private var backlog: WebSocketBacklog
  /// The frame that was offered and is not sent completely, and the bytes of it that are.
  private var current: WebSocketFrame?
  private var taken = 0
  private var pongs: [WebSocketFrame] = []
  private var ping, close: WebSocketFrame?
  /// The close frame was offered.
  private var isClosed = false

  /// - Parameter limits: of the messages that wait.
  init(limits: WebSocketSettings.Limits) {
    backlog = WebSocketBacklog(limits: limits)
  }

  /// Adds a message; after `close`, it is dropped.
  /// - Returns: false if the client must be disconnected.
  mutating func append(_ entry: WebSocketBacklog.Entry) -> Bool {
    close != nil || isClosed || backlog.append(entry)
  }

  /// The most pongs that wait. Autobahn sends ten pings at once and wants ten pongs.
  static let maximumPongs = 16

  /// RFC 6455 §5.5.3: "If an endpoint receives a Ping frame and has not yet sent Pong frame(s) in response to previous Ping
  /// frame(s), the endpoint MAY elect to send a Pong frame for only the most recently processed Ping frame." So the oldest
  /// pong is dropped when too many wait.
  mutating func answerPing(_ payload: [UInt8]) {
    if isClosed { return }
    if pongs.count == Self.maximumPongs { pongs.removeFirst() }
    pongs.append(.pong(payload))
  }

  /// At most one ping waits.
  mutating func sendPing() {
    ping = Self.emptyPing
  }

  private static let emptyPing = WebSocketFrame.ping()

  /// Ends the queue with a close frame; only the first one counts.
  /// - Parameter afterMessages: whether the waiting messages are sent before it. Otherwise they are dropped.
  mutating func finish(_ frame: WebSocketFrame, afterMessages: Bool) {
    if !afterMessages { backlog.removeAll() }
    if close == nil, !isClosed { close = frame }
  }

  /// Sends what waits.
  /// - Parameter send: sends bytes and returns the number taken; nil if the client is gone. With `more`, more bytes follow
  ///   at once. Bytes that were not taken are offered again unchanged: TLS requires that (gnutls_record_send).
  mutating func sendPending(send: (_ bytes: UnsafeRawBufferPointer, _ more: Bool) -> Int?) -> Verdict {
    while let frame = current ?? next() {
      current = frame
      guard let count = frame.withBytes(from: taken, { send($0, hasNext) }) else { return .broken }
      taken += count
      guard taken == frame.count else { return .blocked }
      (current, taken) = (nil, 0)
    }
    return isClosed ? .closed : .sent
  }

  private var hasNext: Bool { !isClosed && (!pongs.isEmpty || ping != nil || !backlog.isEmpty || close != nil) }

  /// RFC 6455 §5.5.1: "The application MUST NOT send any more data frames after sending a Close frame."
  private mutating func next() -> WebSocketFrame? {
    if isClosed { return nil }
    if !pongs.isEmpty {
      defer { if pongs.isEmpty { pongs = [] } }
      return pongs.removeFirst()
    }
    if let frame = ping.take() ?? backlog.popFirst()?.frame { return frame }
    isClosed = close != nil
    return close.take()
  }
}
