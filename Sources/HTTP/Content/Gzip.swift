import CZlib

enum Gzip {
  /// Equal contents become equal bytes, because the gzip header carries no time: a strong entity tag requires that.
  static func compressed(_ content: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    // deflateInit2 is a macro. 15 bits of window; adding 16 asks for the header and trailer of gzip.
    let began = deflateInit2_(
      &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(began == Z_OK, "deflateInit2: \(began)")
    defer { deflateEnd(&stream) }

    var content = content
    return content.withUnsafeMutableBufferPointer { input in
      (stream.next_in, stream.avail_in) = (input.baseAddress, uInt(input.count))
      let bound = Int(deflateBound(&stream, uLong(input.count)))
      return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        (stream.next_out, stream.avail_out) = (output.baseAddress, uInt(bound))
        let ended = deflate(&stream, Z_FINISH)
        precondition(ended == Z_STREAM_END, "deflate: \(ended)")
        count = bound - Int(stream.avail_out)
      }
    }
  }
}
