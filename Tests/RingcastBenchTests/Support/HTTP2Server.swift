import CNGHTTP2

/// A server of HTTP/2, by libnghttp2.
final class HTTP2Server {
  typealias Fields = [(name: String, value: String)]

  private var session: OpaquePointer?
  /// The fields of each request, in the order of arrival.
  private(set) var requests: [[String: String]] = []
  /// The stream of the last request.
  private(set) var stream: Int32 = 0
  /// Content that is not sent yet.
  private var content: [UInt8] = []

  init() {
    var table: OpaquePointer?
    nghttp2_session_callbacks_new(&table)
    defer { nghttp2_session_callbacks_del(table) }
    nghttp2_session_callbacks_set_on_begin_headers_callback(table) { _, frame, server in
      of(server).requests.append([:])
      of(server).stream = frame!.pointee.hd.stream_id
      return 0
    }
    nghttp2_session_callbacks_set_on_header_callback(table) { _, _, name, nameLength, value, valueLength, _, server in
      let name = String(decoding: UnsafeBufferPointer(start: name, count: nameLength), as: UTF8.self)
      let value = String(decoding: UnsafeBufferPointer(start: value, count: valueLength), as: UTF8.self)
      of(server).requests[of(server).requests.count - 1][name] = value
      return 0
    }
    nghttp2_session_server_new(&session, table, Unmanaged.passUnretained(self).toOpaque())
    nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil, 0)
  }

  deinit { nghttp2_session_del(session) }

  func receive(_ bytes: [UInt8]) {
    let count = nghttp2_session_mem_recv(session, bytes, bytes.count)
    precondition(count == bytes.count, "nghttp2_session_mem_recv: \(count)")
  }

  func output() -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      var start: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(session, &start)
      guard count > 0 else { return bytes }
      bytes += UnsafeBufferPointer(start: start, count: count)
    }
  }

  /// Sends a header section that does not end the response.
  func inform(_ fields: Fields) {
    withList(fields) { _ = nghttp2_submit_headers(session, 0, stream, nil, $0.baseAddress, $0.count, nil) }
  }

  /// Answers the last request.
  /// - Parameter trailers: fields behind the content.
  func respond(_ fields: Fields, _ content: String, trailers: Fields? = nil) {
    self.content = Array(content.utf8)
    self.trailers = trailers
    var provider = nghttp2_data_provider()
    provider.read_callback = { _, _, buffer, most, flags, _, server in
      of(server).fill(UnsafeMutableRawBufferPointer(start: buffer, count: most), &flags!.pointee)
    }
    withList(fields) { _ = nghttp2_submit_response(session, stream, $0.baseAddress, $0.count, &provider) }
  }

  private var trailers: Fields?

  private func fill(_ buffer: UnsafeMutableRawBufferPointer, _ flags: inout UInt32) -> Int {
    let piece = content.prefix(buffer.count)
    content.removeFirst(piece.count)
    buffer.copyBytes(from: piece)
    guard content.isEmpty else { return piece.count }
    flags |= NGHTTP2_DATA_FLAG_EOF.rawValue
    if let trailers {
      flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
      withList(trailers) { _ = nghttp2_submit_trailer(session, stream, $0.baseAddress, $0.count) }
    }
    return piece.count
  }

  /// Breaks off the response to the last request.
  func reset() {
    nghttp2_submit_rst_stream(session, 0, stream, NGHTTP2_CANCEL.rawValue)
  }

  /// Takes no request after the last one.
  func shutDown() {
    nghttp2_submit_goaway(session, 0, stream, NGHTTP2_NO_ERROR.rawValue, nil, 0)
  }

  private func withList(_ fields: Fields, _ body: (UnsafeMutableBufferPointer<nghttp2_nv>) -> Void) {
    var bytes = Array(fields.map { $0.name + $0.value }.joined().utf8)
    bytes.withUnsafeMutableBufferPointer { bytes in
      var start = bytes.baseAddress!
      var list = fields.map { name, value in
        defer { start += name.utf8.count + value.utf8.count }
        return nghttp2_nv(
          name: start, value: start + name.utf8.count, namelen: name.utf8.count, valuelen: value.utf8.count, flags: 0)
      }
      list.withUnsafeMutableBufferPointer { body($0) }
    }
  }
}

// A C function pointer captures nothing, and so calls a function outside of the type.
private func of(_ server: UnsafeMutableRawPointer?) -> HTTP2Server {
  Unmanaged<HTTP2Server>.fromOpaque(server!).takeUnretainedValue()
}
