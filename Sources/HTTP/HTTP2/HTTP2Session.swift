import CNGHTTP2
import System

/// One HTTP/2 connection of a client (RFC 9113), on top of libnghttp2. It does no input or output and reads no clock: bytes
/// in, events and bytes out. One thread uses it.
final class HTTP2Session {
  /// The next piece of an answer's content.
  enum ContentRead {
    /// - Parameter count: bytes that were written. 0 means `wait`, except for the last piece.
    case bytes(_ count: Int, isLast: Bool)
    /// There are no bytes at present: `resume` follows.
    case wait
    /// The content cannot be completed; the stream is reset.
    case broken
  }

  /// The smallest buffer for `output`, in bytes.
  static let smallestOutput = 1024
  private static let frameHeaderLength = 9
  /// Bytes that libnghttp2 gets before the queue of frames is looked at.
  private static let inputStep = 4096

  private let limits: HTTP2Limits
  private let memory: SessionMemory
  private unowned let delegate: any HTTP2Delegate
  /// Nil after `close`.
  private var session: OpaquePointer?
  private var meter = FrameMeter()
  private var now = MonotonicTime(nanoseconds: 0)
  private var streams: [Int32: HTTP2Stream] = [:]
  /// The client was told that the connection ends because of an error.
  private var isEnding = false
  /// libnghttp2 cannot go on, and not even say so to the client.
  private var isBroken = false
  /// Found in a callback of libnghttp2, which is not the place to end the session.
  private var found: HTTP2Abuse?

  /// The rest of a frame that did not fit into the owner's buffer; memory of libnghttp2 until it is asked for more.
  private var pending = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The owner's buffer, during `output`.
  private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var filled = 0

  /// - Parameter delegate: must outlive the session.
  init(limits: HTTP2Limits = HTTP2Limits(), delegate: any HTTP2Delegate) {
    self.limits = limits
    self.delegate = delegate
    memory = SessionMemory(limit: limits.memory)
    var functions = memory.functions
    let owner = Unmanaged.passUnretained(self).toOpaque()
    let code = nghttp2_session_server_new3(&session, HTTP2Callbacks.table, owner, HTTP2Callbacks.options, &functions)
    precondition(code == 0, "nghttp2_session_server_new3: \(code)")
    submitSettings()
  }

  deinit {
    precondition(session == nil, "an HTTP/2 session is closed before it is freed")
  }

  /// Frees the session. The streams that are open are closed with the code CANCEL. An owner that is being freed is too late
  /// to call this function, because the session tells the owner about each stream.
  func close() {
    guard session != nil else { return }
    nghttp2_session_del(session)
    session = nil
    pending = UnsafeRawBufferPointer(start: nil, count: 0)
    let open = streams.filter(\.value.isAnnounced).keys.sorted()
    streams = [:]
    for id in open { delegate.onClosed(stream: id, code: .cancel) }
  }

  /// Streams that are open, whether their requests are complete or not.
  var openStreams: Int { streams.count }

  /// Bytes that libnghttp2 has allocated.
  var memoryBytes: Int { memory.bytes }

  /// The connection can be closed after the output that `output` gave.
  var wantsToEnd: Bool {
    guard session != nil, !isBroken else { return true }
    return pending.isEmpty && nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0
  }

  private func submitSettings() {
    let entries = [
      (NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.streams), (NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.head),
      // RFC 9218 §2.1: the signals of RFC 7540 are ignored.
      (NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1),
    ].map { nghttp2_settings_entry(settings_id: Int32($0.rawValue), value: UInt32($1)) }
    check(nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count))
  }

  /// A failed call of libnghttp2 that the state of a stream does not explain means that it has no memory.
  private func check(_ code: Int32) {
    if nghttp2_is_fatal(code) != 0 { breakOff() }
  }

  private func breakOff() {
    if isBroken { return }
    isBroken = true
    tell(memory.isExhausted ? .memory : .violation)
  }

  /// Tells the owner about the first abuse only.
  private func tell(_ abuse: HTTP2Abuse) {
    if isEnding { return }
    isEnding = true
    delegate.onAbuse(abuse)
  }

  private func end(_ abuse: HTTP2Abuse) {
    if isEnding { return }
    tell(abuse)
    check(nghttp2_session_terminate_session(session, HTTP2ErrorCode.enhanceYourCalm.rawValue))
  }
}

// The bytes of the connection.
extension HTTP2Session {
  /// Bytes of the client.
  func receive(_ bytes: UnsafeRawBufferPointer, at now: MonotonicTime) {
    self.now = now
    guard session != nil, !isEnding, !isBroken else { return }
    let (allowed, abuse) = meter.scan(bytes, at: now)
    var rest = bytes[..<allowed]
    while !rest.isEmpty, !isEnding, !isBroken {
      process(UnsafeRawBufferPointer(rebasing: rest.prefix(Self.inputStep)))
      rest = rest.dropFirst(Self.inputStep)
    }
    if let abuse, !isBroken { end(abuse) }
  }

  private func process(_ bytes: UnsafeRawBufferPointer) {
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let count = nghttp2_session_mem_recv(session, start, bytes.count)
    if let found { return end(found) }
    guard count >= 0 else { return fail(Int32(count)) }
    if nghttp2_session_get_outbound_queue_size(session) > limits.queue { end(.queue) }
  }

  private func fail(_ code: Int32) {
    switch code {
    case NGHTTP2_ERR_FLOODED.rawValue: end(.queue)
    case NGHTTP2_ERR_NOMEM.rawValue: breakOff()
    default:
      tell(.violation)
      check(nghttp2_session_terminate_session(session, HTTP2ErrorCode.protocolError.rawValue))
    }
  }

  /// Fills a buffer with bytes to send. The content of answers is asked for as far as the client's windows allow.
  /// - Parameter buffer: at least `smallestOutput` bytes. A buffer of 16 kB is one full record of TLS.
  /// - Returns: the number of bytes; 0 if there is nothing to send at present.
  func output(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    precondition(buffer.count >= Self.smallestOutput, "the buffer is too small")
    guard session != nil else { return 0 }
    (self.buffer, filled) = (buffer, 0)
    defer { self.buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    while true {
      copyPending()
      let hasRoom = filled == 0 || buffer.count - filled >= Self.smallestOutput
      guard pending.isEmpty, hasRoom, !isBroken else { return filled }
      let before = filled
      var start: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(session, &start)
      if let found { end(found) }
      if count < 0 { breakOff() }
      pending = UnsafeRawBufferPointer(start: start, count: max(0, count))
      if count <= 0 && filled == before { return filled }
    }
  }

  private func copyPending() {
    let piece = UnsafeRawBufferPointer(rebasing: pending.prefix(buffer.count - filled))
    UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: piece)
    filled += piece.count
    pending = UnsafeRawBufferPointer(rebasing: pending.dropFirst(piece.count))
  }

  /// Tells the client that no further request will be accepted. The open requests go on.
  func shutDown() {
    guard session != nil, !isBroken else { return }
    let last = nghttp2_session_get_last_proc_stream_id(session)
    let code = HTTP2ErrorCode.noError.rawValue
    check(nghttp2_submit_goaway(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, code, nil, 0))
  }
}

// The streams of the connection. A call for a stream that is closed does nothing.
extension HTTP2Session {
  /// Answers a request, once.
  /// - Parameters:
  ///   - headers: fields; connection-specific fields are left out.
  ///   - content: nil for an answer without content (HEAD, 204, 304). Otherwise called during `output`, until the last
  ///     piece; it must not call the session. Freed after the last piece, or when the stream is closed.
  func respond(
    stream id: Int32, status: Int, headers: [(name: String, value: String)], content: HTTP2Stream.Content?
  ) {
    guard let stream = streams[id], !stream.isReset, !isBroken else { return }
    precondition(stream.isAnnounced && !stream.isAnswered, "a request is answered once")
    streams[id]!.isAnswered = true
    streams[id]!.content = content
    var provider = nghttp2_data_provider()
    provider.read_callback = HTTP2Callbacks.readContent
    var fields = ResponseFields(status: status, headers: headers)
    let code = fields.withList { list in
      withUnsafePointer(to: provider) {
        nghttp2_submit_response(session, id, list.baseAddress, list.count, content == nil ? nil : $0)
      }
    }
    check(code)
  }

  /// Asks the client to send the content of its request (100 Continue, RFC 9110 §10.1.1).
  func askForContent(stream id: Int32) {
    guard let stream = streams[id], !stream.isReset, !stream.isAnswered, !isBroken else { return }
    var fields = ResponseFields(status: 100)
    let code = fields.withList { list in
      nghttp2_submit_headers(
        session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, nil, list.baseAddress, list.count, nil)
    }
    check(min(0, code))
  }

  /// There are bytes again for an answer whose content said `wait`.
  func resume(stream id: Int32) {
    guard streams[id]?.content != nil, !isBroken else { return }
    // An error means that the content was not waiting.
    check(nghttp2_session_resume_data(session, id))
  }

  /// Content of a request has been used; the client may send as much again.
  /// - Parameter count: bytes; padding is not counted.
  func consumed(stream id: Int32, count: Int) {
    guard let stream = streams[id], !isBroken else { return }
    precondition(count <= stream.unconsumed, "more was consumed than came")
    let wasKept = min(count, stream.kept)
    streams[id]!.unconsumed -= count
    streams[id]!.kept -= wasKept
    check(nghttp2_session_consume_stream(session, id, count))
    check(nghttp2_session_consume_connection(session, count - wasKept))
  }

  /// Content of a request is kept until its owner can use it. The client may send as much on other streams, so that they
  /// do not wait for this one (RFC 9113 §5.2.2).
  /// - Parameter count: bytes that came last and are not consumed.
  func keep(stream id: Int32, count: Int) {
    guard let stream = streams[id], !isBroken else { return }
    precondition(stream.kept + count <= stream.unconsumed, "more was kept than came")
    streams[id]!.kept += count
    check(nghttp2_session_consume_connection(session, count))
  }

  func reset(stream id: Int32, code: HTTP2ErrorCode) {
    guard let stream = streams[id], !stream.isReset, !isBroken else { return }
    streams[id]!.isReset = true
    streams[id]!.content = nil
    check(nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, code.rawValue))
  }
}

// The events of libnghttp2; see `HTTP2Callbacks`.
extension HTTP2Session {
  /// A header section begins: that of a request, or that of trailers.
  func beginHeaders(_ id: Int32) {
    if streams[id] != nil {
      streams[id]!.decoded = 0
      return
    }
    streams[id] = HTTP2Stream(headLimit: limits.head)
    // All streams have their turn: an endless answer delays no other.
    var priority = nghttp2_extpri(urgency: UInt32(NGHTTP2_EXTPRI_DEFAULT_URGENCY), inc: 1)
    check(nghttp2_session_change_extpri_stream_priority(session, id, &priority, 1))
  }

  /// - Returns: false if the session must end.
  func addField(_ id: Int32, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, isValid: Bool) -> Bool {
    streams[id]?.decoded += name.count + value.count + 32
    if streams[id]?.decoded ?? 0 > 4 * limits.head {
      found = .headerBomb
      return false
    }
    if isValid {
      streams[id]?.head?.append(name: name, value: value)
    } else {
      streams[id]?.head?.appendMalformed()
    }
    return true
  }

  /// A header section is complete.
  func endHeaders(_ id: Int32, endsStream: Bool) {
    guard var head = streams[id]?.head.take() else {
      if endsStream { endContent(id) }
      return
    }
    head.finish()
    delegate.onRequest(stream: id, head: head, hasContent: !endsStream)
  }

  func addContent(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
    guard let stream = streams[id], !stream.isReset else {
      check(nghttp2_session_consume(session, id, bytes.count))
      return
    }
    streams[id]!.unconsumed += bytes.count
    delegate.onContent(stream: id, bytes: bytes)
  }

  func endContent(_ id: Int32) {
    if let stream = streams[id], !stream.isReset { delegate.onContentEnd(stream: id) }
  }

  func closed(_ id: Int32, code: HTTP2ErrorCode) {
    guard let stream = streams.removeValue(forKey: id) else { return }
    check(nghttp2_session_consume_connection(session, stream.unconsumed - stream.kept))
    if stream.isAnnounced {
      delegate.onClosed(stream: id, code: code)
    } else if code == .protocolError {
      delegate.onMalformedRequest()
    }
  }

  /// Writes content into the owner's buffer, behind the place of the frame's header.
  /// - Parameter most: bytes that the windows of the client allow.
  func readContent(_ id: Int32, most: Int) -> ContentRead {
    guard let content = streams[id]?.content else { return .broken }
    let start = filled + Self.frameHeaderLength
    let end = min(buffer.count, start + most)
    let read = content(UnsafeMutableRawBufferPointer(rebasing: buffer[start..<end]))
    switch read {
    case .bytes(_, isLast: true): streams[id]?.content = nil
    case .bytes(0, isLast: false): return .wait
    case .bytes, .wait: break
    case .broken:
      streams[id]?.content = nil
      streams[id]?.isReset = true
    }
    return read
  }

  /// The content that `readContent` wrote becomes a frame.
  func frameContent(header: UnsafePointer<UInt8>, length: Int) {
    let header = UnsafeRawBufferPointer(start: header, count: Self.frameHeaderLength)
    UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: header)
    filled += Self.frameHeaderLength + length
    meter.noteSent(bytes: length)
  }

  /// The header section of an answer is sent.
  func sentHead(_ id: Int32) {
    if streams[id]?.isAnnounced == true { delegate.onHeadSent(stream: id) }
  }

  /// The answer is sent.
  func answered(_ id: Int32) {
    // RFC 9113 §8.1: "A server can send a complete response prior to the client sending an entire request … the server MAY
    // request that the client abort transmission of a request without error by sending a RST_STREAM with an error code of
    // NO_ERROR after sending a complete response".
    if nghttp2_session_get_stream_remote_close(session, id) == 0 { reset(stream: id, code: .noError) }
  }

  func sentReset(_ id: Int32) {
    if streams[id]?.isReset != true && !meter.allowsReset(at: now) { found = .resets }
  }

  func sentGoaway(code: HTTP2ErrorCode) {
    if code != .noError { tell(.violation) }
  }
}
