import CNGHTTP2

/// The functions that libnghttp2 calls. Their last argument is the `HTTP2Client`, which lives as long as the session of
/// libnghttp2.
enum HTTP2ClientCallbacks {
  /// Sendable: written here only, and libnghttp2 copies the functions for each session.
  nonisolated(unsafe) static let table: OpaquePointer? = {
    var table: OpaquePointer?
    precondition(nghttp2_session_callbacks_new(&table) == 0, "nghttp2_session_callbacks_new")
    nghttp2_session_callbacks_set_on_header_callback(table) {
      _, frame, name, nameLength, value, valueLength, _, owner in
      if bytes(name, nameLength).elementsEqual(":status".utf8) {
        client(owner).received(status: bytes(value, valueLength), on: frame!.pointee.hd.stream_id)
      }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(table) { _, frame, owner in
      let header = frame!.pointee.hd
      switch UInt32(header.type) {
      case NGHTTP2_HEADERS.rawValue: client(owner).receivedHeaders(on: header.stream_id)
      case NGHTTP2_GOAWAY.rawValue: client(owner).receivedShutDown()
      default: break
      }
      return 0
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table) { _, _, id, start, count, owner in
      client(owner).received(bytes(start, count), on: id)
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(table) { _, id, code, owner in
      client(owner).closed(id, isWhole: code == NGHTTP2_NO_ERROR.rawValue)
      return 0
    }
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(table) { _, _, _, owner in
      client(owner).violated()
      return 0
    }
    return table
  }()
}

// A C function pointer captures nothing, and so calls functions outside of the type.

private func client(_ owner: UnsafeMutableRawPointer?) -> HTTP2Client {
  Unmanaged<HTTP2Client>.fromOpaque(owner!).takeUnretainedValue()
}

private func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> UnsafeRawBufferPointer {
  UnsafeRawBufferPointer(start: start, count: count)
}
