import CMicroHTTPD

/// A response in libmicrohttpd's form. It may be queued any number of times.
///
/// Sendable: an MHD_Response does not change after its creation, except its reference count, which has its own lock.
final class PreparedResponse: @unchecked Sendable {
  let pointer: OpaquePointer

  convenience init(_ response: Response) {
    self.init(Self.withBody(response.body), headers: response.headers)
  }

  init(_ pointer: OpaquePointer, headers: [(name: String, value: String)]) {
    self.pointer = pointer
    // The Fetch standard, "X-Content-Type-Options header": a browser does not
    // guess another type, least of all a script.
    for (name, value) in headers + [(name: "X-Content-Type-Options", value: "nosniff")] {
      let added = MHD_add_response_header(pointer, name, value)
      precondition(added == .YES, "not a header field: \(name): \(value)")
    }
  }

  deinit {
    // A connection that is still sending holds a reference of its own.
    MHD_destroy_response(pointer)
  }

  private static func withBody(_ body: [Bytes.Slice]) -> OpaquePointer {
    // libmicrohttpd keeps the addresses, not the bytes, and may outlive this object.
    let owner = Unmanaged.passRetained(Owner(body)).toOpaque()
    let pieces = body.map { slice in
      slice.bytes.withUnsafeBytes {
        let piece = UnsafeRawBufferPointer(rebasing: $0[slice.range])
        return MHD_IoVec(iov_base: piece.baseAddress, iov_len: piece.count)
      }
    }
    let response =
      pieces.count > 1
      ? MHD_create_response_from_iovec(pieces, UInt32(pieces.count), releaseOwner, owner)
      : MHD_create_response_from_buffer_with_free_callback_cls(
        pieces.first?.iov_len ?? 0, UnsafeMutableRawPointer(mutating: pieces.first?.iov_base), releaseOwner, owner)
    guard let response else { fatalError("libmicrohttpd: no memory for a response") }
    return response
  }
}

private final class Owner {
  let body: [Bytes.Slice]

  init(_ body: [Bytes.Slice]) {
    self.body = body
  }
}

private func releaseOwner(_ owner: UnsafeMutableRawPointer?) {
  Unmanaged<Owner>.fromOpaque(owner!).release()
}
