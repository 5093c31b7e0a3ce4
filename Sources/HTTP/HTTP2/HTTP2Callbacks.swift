import CNGHTTP2

/// The functions that libnghttp2 calls. Their last argument is the `HTTP2Session`, which lives as long as the session of
/// libnghttp2.
enum HTTP2Callbacks {
  /// Sendable: written here only, and libnghttp2 copies the functions for each session.
  nonisolated(unsafe) static let table: OpaquePointer? = {
    var table: OpaquePointer?
    precondition(nghttp2_session_callbacks_new(&table) == 0, "nghttp2_session_callbacks_new")
    setInput(table)
    setOutput(table)
    return table
  }()

  /// Sendable: written here only, and libnghttp2 reads the options at the start of each session.
  nonisolated(unsafe) static let options: OpaquePointer? = {
    var options: OpaquePointer?
    precondition(nghttp2_option_new(&options) == 0, "nghttp2_option_new")
    nghttp2_option_set_no_auto_window_update(options, 1)
    nghttp2_option_set_no_closed_streams(options, 1)
    // An answer's fields differ from those of the answer before: a table of them saves little and needs 4 kB.
    nghttp2_option_set_max_deflate_dynamic_table_size(options, 0)
    nghttp2_option_set_max_outbound_ack(options, 100)
    // libnghttp2 counts a CONTINUATION frame once more for each read that its header is spread over. `FrameMeter` has the
    // true limit.
    nghttp2_option_set_max_continuations(options, 100)
    return options
  }()

  static let readContent: nghttp2_data_source_read_callback = { _, id, _, most, flags, _, owner in
    switch session(owner).readContent(id, most: most) {
    case .bytes(let count, let isLast):
      flags!.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
      if isLast { flags!.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue }
      return count
    case .wait: return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    case .broken: return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
    }
  }

  private static func setInput(_ table: OpaquePointer?) {
    nghttp2_session_callbacks_set_on_begin_headers_callback(table) { _, frame, owner in
      session(owner).beginHeaders(frame!.pointee.hd.stream_id)
      return 0
    }
    nghttp2_session_callbacks_set_on_header_callback(table) {
      _, frame, name, nameLength, value, valueLength, _, owner in
      let (name, value) = (bytes(name, nameLength), bytes(value, valueLength))
      return outcome(session(owner).addField(frame!.pointee.hd.stream_id, name: name, value: value, isValid: true))
    }
    nghttp2_session_callbacks_set_on_invalid_header_callback(table) {
      _, frame, name, nameLength, value, valueLength, _, owner in
      let (name, value) = (bytes(name, nameLength), bytes(value, valueLength))
      return outcome(session(owner).addField(frame!.pointee.hd.stream_id, name: name, value: value, isValid: false))
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(table) { _, frame, owner in
      let header = frame!.pointee.hd
      switch UInt32(header.type) {
      case NGHTTP2_HEADERS.rawValue: session(owner).endHeaders(header.stream_id, endsStream: endsStream(header))
      case NGHTTP2_DATA.rawValue where endsStream(header): session(owner).endContent(header.stream_id)
      default: break
      }
      return 0
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table) { _, _, id, start, count, owner in
      session(owner).addContent(id, bytes(start, count))
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(table) { _, id, code, owner in
      session(owner).closed(id, code: HTTP2ErrorCode(rawValue: code))
      return 0
    }
  }

  private static func setOutput(_ table: OpaquePointer?) {
    nghttp2_session_callbacks_set_send_data_callback(table) { _, _, header, length, _, owner in
      session(owner).frameContent(header: header!, length: length)
      // The owner's buffer may be full.
      return NGHTTP2_ERR_PAUSE.rawValue
    }
    nghttp2_session_callbacks_set_on_frame_send_callback(table) { _, frame, owner in
      let header = frame!.pointee.hd
      switch UInt32(header.type) {
      case NGHTTP2_HEADERS.rawValue:
        session(owner).sentHead(header.stream_id)
        if endsStream(header) { session(owner).answered(header.stream_id) }
      case NGHTTP2_DATA.rawValue where endsStream(header): session(owner).answered(header.stream_id)
      case NGHTTP2_RST_STREAM.rawValue: session(owner).sentReset(header.stream_id)
      case NGHTTP2_GOAWAY.rawValue:
        session(owner).sentGoaway(code: HTTP2ErrorCode(rawValue: frame!.pointee.goaway.error_code))
      default: break
      }
      return 0
    }
  }
}

// A C function pointer captures nothing, and so calls functions outside of the type.

private func session(_ owner: UnsafeMutableRawPointer?) -> HTTP2Session {
  Unmanaged<HTTP2Session>.fromOpaque(owner!).takeUnretainedValue()
}

private func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> UnsafeRawBufferPointer {
  UnsafeRawBufferPointer(start: start, count: count)
}

private func endsStream(_ header: nghttp2_frame_hd) -> Bool {
  UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0
}

private func outcome(_ goesOn: Bool) -> Int32 { goesOn ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
