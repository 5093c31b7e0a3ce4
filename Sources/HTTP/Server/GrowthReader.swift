import CMicroHTTPD
import Glibc

/// Feeds one connection from a growing body, and suspends it while there is nothing new.
final class GrowthReader {
  private let growth: Growth
  private let connection: OpaquePointer
  private let waiters: Waiters

  private init(_ growth: Growth, _ connection: OpaquePointer, _ waiters: Waiters) {
    (self.growth, self.connection, self.waiters) = (growth, connection, waiters)
  }

  /// A response of unknown length: chunked, or to the connection's end for HTTP/1.0.
  static func response(
    _ growth: Growth, headers: [(name: String, value: String)], on connection: OpaquePointer, _ waiters: Waiters
  ) -> PreparedResponse {
    let reader = Unmanaged.passRetained(GrowthReader(growth, connection, waiters)).toOpaque()
    // Chunks are read straight into the connection's memory; this buffer serves HTTP/1.0 only.
    let pointer = MHD_create_response_from_callback(.max, 512, readGrowth, reader) { reader in
      Unmanaged<GrowthReader>.fromOpaque(reader!).release()
    }
    guard let pointer else { fatalError("libmicrohttpd: no memory for a response") }
    return PreparedResponse(pointer, headers: headers)
  }

  /// As `MHD_ContentReaderCallback`.
  fileprivate func read(at position: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let offset = growth.from + Int(position)
    while true {
      let generation = waiters.generation
      // In this order: what was appended before the end is seen before the end is.
      let isFinished = growth.body.isFinished
      let bytes = growth.body.bytes(from: offset, to: growth.to, room: buffer.count)
      if !bytes.isEmpty {
        buffer.copyMemory(from: bytes)
        return bytes.count
      }
      if isFinished || offset >= growth.to { return endOfStream }
      if waiters.suspend(connection, unlessAfter: generation) { return 0 }
      if waiters.isClosed { return endWithError }
    }
  }
}

// microhttpd.h: MHD_CONTENT_READER_END_OF_STREAM and …_END_WITH_ERROR are casts, which Swift can't import.
private let endOfStream = -1
private let endWithError = -2

private func readGrowth(
  _ reader: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ room: Int
) -> Int {
  let buffer = UnsafeMutableRawBufferPointer(start: buffer, count: room)
  return Unmanaged<GrowthReader>.fromOpaque(reader!).takeUnretainedValue().read(at: position, into: buffer)
}
