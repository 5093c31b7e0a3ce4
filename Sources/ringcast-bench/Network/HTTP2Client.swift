import CNGHTTP2

/// The client's side of an HTTP/2 connection (RFC 9113), on top of libnghttp2: one request at a time. It does no input or
/// output: bytes in, events and bytes out.
final class HTTP2Client {
  /// Bytes that the server may send on a stream, and on the connection, before the client allows more.
  private static let window: Int32 = 1 << 30

  private let authority: String
  private var session: OpaquePointer?
  /// The stream of the present request; nil between requests.
  private var stream: Int32?
  /// The status of the present response; 0 before it has come.
  private var status = 0
  private var isHeadComplete = false
  /// The server has said that it takes no more requests.
  private var isShutDown = false
  /// Events that the owner has not taken yet, behind those that it has taken.
  private var events: [ResponseEvent] = []
  private var taken = 0

  /// - Parameter authority: the host and the port of the URL.
  init(authority: String) {
    self.authority = authority
    let owner = Unmanaged.passUnretained(self).toOpaque()
    Self.check("nghttp2_session_client_new", nghttp2_session_client_new(&session, HTTP2ClientCallbacks.table, owner))
    let settings = [(NGHTTP2_SETTINGS_ENABLE_PUSH, 0), (NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, UInt32(Self.window))]
      .map { nghttp2_settings_entry(settings_id: Int32($0.rawValue), value: $1) }
    let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
    Self.check("nghttp2_submit_settings", nghttp2_submit_settings(session, flags, settings, settings.count))
    Self.check(
      "nghttp2_session_set_local_window_size", nghttp2_session_set_local_window_size(session, flags, 0, Self.window))
  }

  deinit {
    nghttp2_session_del(session)
  }

  /// Only a lack of memory makes these calls fail.
  private static func check(_ call: String, _ code: Int32) {
    precondition(code == 0, "\(call): \(code)")
  }

  /// Whether a response has begun, or is awaited, and is not complete.
  var isInside: Bool { stream != nil }

  /// Begins a request, after the response to the one before. `output` has its bytes.
  /// - Returns: false if the server takes no more requests on this connection.
  func get(_ path: String) -> Bool {
    precondition(stream == nil, "one request at a time")
    guard nghttp2_session_check_request_allowed(session) != 0 else { return false }
    let fields: [(name: StaticString, value: String)] = [
      (":method", "GET"), (":scheme", "https"), (":authority", authority), (":path", path),
      ("user-agent", "ringcast-bench"),
    ]
    var values = Array(fields.map(\.value).joined().utf8)
    let id = values.withUnsafeMutableBufferPointer { values in
      var start = values.baseAddress!
      let list = fields.map { name, value in
        defer { start += value.utf8.count }
        return nghttp2_nv(
          name: UnsafeMutablePointer(mutating: name.utf8Start), value: start, namelen: name.utf8CodeUnitCount,
          valuelen: value.utf8.count, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
      }
      return nghttp2_submit_request(session, nil, list, list.count, nil, nil)
    }
    guard id > 0 else { return false }
    stream = id
    status = 0
    isHeadComplete = false
    return true
  }

  /// All bytes to send at present.
  func output() -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      var start: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(session, &start)
      guard count > 0 else { return bytes }
      bytes += UnsafeBufferPointer(start: start, count: count)
    }
  }

  /// Takes the next event from `input`; nil if more input is needed. Takes all of the input at once.
  func next(_ input: inout UnsafeRawBufferPointer) -> ResponseEvent? {
    if taken == events.count {
      events.removeAll(keepingCapacity: true)
      taken = 0
      read(input)
      input = UnsafeRawBufferPointer(start: nil, count: 0)
      if events.isEmpty { return nil }
    }
    defer { taken += 1 }
    return events[taken]
  }

  /// The event when the server closes the connection.
  func closed() -> ResponseEvent { .reset }

  private func read(_ input: UnsafeRawBufferPointer) {
    guard let start = input.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    let count = nghttp2_session_mem_recv(session, start, input.count)
    // libnghttp2 prepares the end of the connection itself where the server breaks a rule.
    let isEnding = nghttp2_session_check_request_allowed(session) == 0 && !isShutDown
    if count != input.count || isEnding { violated() }
  }
}

// The events of libnghttp2; see `HTTP2ClientCallbacks`.
extension HTTP2Client {
  func received(status value: UnsafeRawBufferPointer, on id: Int32) {
    guard id == stream else { return }
    // libnghttp2 accepts three digits only.
    status = value.reduce(0) { $0 * 10 + Int($1) - 0x30 }
  }

  /// A header section is complete: that of a response, that of an informational response before it, or that of trailers.
  func receivedHeaders(on id: Int32) {
    guard id == stream, status >= 200, !isHeadComplete else { return }
    isHeadComplete = true
    events.append(.head(status: status))
  }

  func receivedShutDown() {
    isShutDown = true
  }

  func received(_ content: UnsafeRawBufferPointer, on id: Int32) {
    if id == stream { events.append(.body(content)) }
  }

  /// - Parameter isWhole: whether the server has sent the whole response.
  func closed(_ id: Int32, isWhole: Bool) {
    guard id == stream else { return }
    stream = nil
    events.append(isWhole ? .end(reusable: nghttp2_session_check_request_allowed(session) != 0) : .reset)
  }

  /// The server has broken a rule of HTTP/2.
  func violated() {
    events.append(.malformed)
  }
}
