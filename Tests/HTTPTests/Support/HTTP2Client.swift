import CNGHTTP2

/// A client of HTTP/2, by libnghttp2.
final class HTTP2Client {
  struct Answer {
    /// The status of a final answer; earlier ones are in `informational`.
    var status = 0
    var informational: [Int] = []
    var fields: [String: String] = [:]
    var content: [UInt8] = []
    var isComplete = false
    /// The code with which the stream was closed.
    var code: UInt32?
  }

  private var session: OpaquePointer?
  private(set) var answers: [Int32: Answer] = [:]
  /// The code of a GOAWAY frame.
  private(set) var goaway: UInt32?
  private var uploads: [Int32: [UInt8]] = [:]
  /// Requests whose content does not end.
  private var endless: Set<Int32> = []

  /// - Parameter window: bytes that the server may send on a stream before more are allowed.
  init(window: Int = 65_535, frame: Int = 16_384) {
    var table: OpaquePointer?
    nghttp2_session_callbacks_new(&table)
    defer { nghttp2_session_callbacks_del(table) }
    nghttp2_session_callbacks_set_on_header_callback(table) {
      _, frame, name, nameLength, value, valueLength, _, client in
      let name = String(decoding: UnsafeBufferPointer(start: name, count: nameLength), as: UTF8.self)
      let value = String(decoding: UnsafeBufferPointer(start: value, count: valueLength), as: UTF8.self)
      of(client).add(frame!.pointee.hd.stream_id, name, value)
      return 0
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table) { _, _, id, start, count, client in
      of(client).answers[id, default: Answer()].content += UnsafeBufferPointer(start: start, count: count)
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(table) { _, frame, client in
      let header = frame!.pointee.hd
      switch UInt32(header.type) {
      case NGHTTP2_GOAWAY.rawValue: of(client).goaway = frame!.pointee.goaway.error_code
      case NGHTTP2_DATA.rawValue, NGHTTP2_HEADERS.rawValue:
        if UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0 {
          of(client).answers[header.stream_id, default: Answer()].isComplete = true
        }
      default: break
      }
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(table) { _, id, code, client in
      of(client).answers[id, default: Answer()].code = code
      return 0
    }
    var options: OpaquePointer?
    nghttp2_option_new(&options)
    defer { nghttp2_option_del(options) }
    // The tests open the windows of answers themselves.
    nghttp2_option_set_no_auto_window_update(options, 1)
    nghttp2_session_client_new2(&session, table, Unmanaged.passUnretained(self).toOpaque(), options)
    let settings = [
      nghttp2_settings_entry(settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue), value: UInt32(window)),
      nghttp2_settings_entry(settings_id: Int32(NGHTTP2_SETTINGS_MAX_FRAME_SIZE.rawValue), value: UInt32(frame)),
    ]
    nghttp2_submit_settings(session, 0, settings, settings.count)
  }

  deinit { nghttp2_session_del(session) }

  /// - Parameters:
  ///   - content: nil for a request without content.
  ///   - isOpen: whether the content does not end.
  /// - Returns: the number of the stream.
  func request(
    _ method: String = "GET", _ path: String = "/", fields: [(String, String)] = [], content: [UInt8]? = nil,
    isOpen: Bool = false
  ) -> Int32 {
    let all =
      [(":method", method), (":scheme", "https"), (":authority", "radio.example"), (":path", path)] + fields
    var bytes: [[UInt8]] = all.flatMap { [Array($0.utf8), Array($1.utf8)] }
    var list: [nghttp2_nv] = []
    let starts = bytes.indices.map { index in
      let start = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes[index].count))
      start.initialize(from: &bytes[index], count: bytes[index].count)
      return start
    }
    defer { starts.forEach { $0.deallocate() } }
    for index in stride(from: 0, to: bytes.count, by: 2) {
      list.append(
        nghttp2_nv(
          name: starts[index], value: starts[index + 1], namelen: bytes[index].count, valuelen: bytes[index + 1].count,
          flags: 0))
    }
    var provider = nghttp2_data_provider()
    provider.read_callback = { _, id, buffer, most, flags, _, client in
      let piece = of(client).uploads[id]!.prefix(most)
      if piece.isEmpty, of(client).endless.contains(id) { return Int(NGHTTP2_ERR_DEFERRED.rawValue) }
      of(client).uploads[id]!.removeFirst(piece.count)
      UnsafeMutableRawBufferPointer(start: buffer, count: most).copyBytes(from: piece)
      if of(client).uploads[id]!.isEmpty, !of(client).endless.contains(id) {
        flags!.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
      }
      return piece.count
    }
    let id = withUnsafePointer(to: provider) {
      nghttp2_submit_request(session, nil, list, list.count, content == nil ? nil : $0, nil)
    }
    precondition(id > 0, "nghttp2_submit_request: \(id)")
    uploads[id] = content
    if isOpen { endless.insert(id) }
    return id
  }

  /// Drops the content of an answer that has come.
  func forgetContent(_ id: Int32) { answers[id]?.content = [] }

  /// Bytes of a request's content that were not sent yet.
  func unsent(_ id: Int32) -> Int { uploads[id]?.count ?? 0 }

  /// Lets the server send so many bytes more on a stream.
  func open(_ id: Int32, by bytes: Int) {
    nghttp2_submit_window_update(session, 0, id, Int32(bytes))
  }

  func reset(_ id: Int32) {
    nghttp2_submit_rst_stream(session, 0, id, NGHTTP2_CANCEL.rawValue)
  }

  func output() -> [UInt8] {
    var all: [UInt8] = []
    while true {
      var start: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(session, &start)
      if count <= 0 { return all }
      all += UnsafeBufferPointer(start: start, count: count)
    }
  }

  func receive(_ bytes: [UInt8]) {
    let count = nghttp2_session_mem_recv(session, bytes, bytes.count)
    precondition(count == bytes.count, "the server's bytes are no HTTP/2: \(count)")
  }

  /// Carries bytes in both directions until nothing moves.
  func talk(to owner: HTTP2Owner, buffer: Int = 16_384) {
    while true {
      let (request, answer) = (output(), owner.output(buffer: buffer))
      if request.isEmpty && answer.isEmpty { return }
      owner.receive(request)
      receive(answer)
    }
  }

  private func add(_ id: Int32, _ name: String, _ value: String) {
    if name == ":status", let status = Int(value) {
      if status < 200 { return answers[id, default: Answer()].informational.append(status) }
      answers[id, default: Answer()].status = status
    } else {
      answers[id, default: Answer()].fields[name] = value
    }
  }
}

private func of(_ client: UnsafeMutableRawPointer?) -> HTTP2Client {
  Unmanaged<HTTP2Client>.fromOpaque(client!).takeUnretainedValue()
}
