import CMicroHTTPD

/// Sends a growing body to one connection: through libmicrohttpd up to the body's present end, and from there on as one of
/// the followers.
///
/// Unchecked: libmicrohttpd's thread uses the variables. `resume` uses them only while that thread leaves the suspended
/// connection alone. The two hand the connection over under the lock of the followers and that of libmicrohttpd.
final class GrowthReader: Reader, @unchecked Sendable {
  let connection: OpaquePointer
  private let growth: Growth
  private let isChunked: Bool
  private let followers: Followers<Delivery>
  private let traffic: Traffic
  private let exchange: Exchange
  /// The response, until its head is sent.
  private var head: OpaquePointer?
  /// Set when the followers have sent everything.
  private var ending: Int?

  private init(_ growth: Growth, _ connection: OpaquePointer, _ exchange: Exchange, _ service: Service) {
    (self.growth, self.connection, self.exchange) = (growth, connection, exchange)
    (isChunked, traffic) = (exchange.takesChunks, service.traffic)
    let channel = service.channels[growth.channel]
    followers = growth.wantsEveryFrame ? channel.everyFrameFollowers : channel.followers
  }

  /// A response of unknown length. libmicrohttpd sends it in chunks if `exchange` takes them, and otherwise up to the end
  /// of the connection.
  static func response(
    _ growth: Growth, headers: [(name: String, value: String)], on connection: OpaquePointer, _ exchange: Exchange,
    _ service: Service
  ) -> PreparedResponse {
    let reader = GrowthReader(growth, connection, exchange, service)
    // Chunks are read straight into the connection's memory; the response's own memory is for content without chunks.
    let size = reader.isChunked ? 1 : 4096
    let pointer = MHD_create_response_from_callback(.max, size, readGrowth, Unmanaged.passRetained(reader).toOpaque()) {
      Unmanaged<GrowthReader>.fromOpaque($0!).release()
    }
    guard let pointer else { fatalError("libmicrohttpd: no memory for a response") }
    reader.head = pointer
    return PreparedResponse(pointer, headers: headers)
  }

  /// The `MHD_ContentReaderCallback`. The first call comes when the head is in the connection's own memory, or sent.
  fileprivate func read(at position: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    // The header fields are a tenth of a listener's memory.
    if let head { mhd_forget_headers(head) }
    head = nil
    if let ending { return ending }
    let offset = growth.from + Int(position)
    while true {
      let generation = followers.generation
      // In this order: bytes appended before the end are seen with the end.
      let isFinished = growth.body.isFinished
      let bytes = growth.body.bytes(from: offset, to: growth.to, room: buffer.count)
      if !bytes.isEmpty {
        buffer.copyMemory(from: bytes)
        exchange.sent += bytes.count
        traffic.sent(bytes.count)
        return bytes.count
      }
      // A cache might keep an empty answer that ended properly as the whole content.
      if isFinished, growth.body.count == 0 { return endWithError }
      if isFinished || offset >= growth.to { return endOfStream }
      let follower = Follower(self, delivery(from: offset))
      if followers.join(follower, unlessAfter: generation) { return 0 }
      if followers.isClosed { return endWithError }
    }
  }

  /// Nil if libmicrohttpd must do the sending: for HTTP/1.0, and for a range that may end before the body or that begins
  /// after its present end.
  private func delivery(from offset: Int) -> Delivery? {
    guard isChunked, growth.to >= growth.body.capacity, offset <= growth.body.count else { return nil }
    return Delivery(of: growth.body, from: offset)
  }

  func resume(_ verdict: Delivery.Verdict?, sent: Int) {
    exchange.sent += sent
    if let verdict { ending = verdict == .complete ? endOfStream : endWithError }
    MHD_resume_connection(connection)
  }
}

// microhttpd.h: MHD_CONTENT_READER_END_OF_STREAM and …_END_WITH_ERROR are casts, which Swift cannot import.
let endOfStream = -1
let endWithError = -2

private func readGrowth(
  _ reader: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ room: Int
) -> Int {
  let buffer = UnsafeMutableRawBufferPointer(start: buffer, count: room)
  return Unmanaged<GrowthReader>.fromOpaque(reader!).takeUnretainedValue().read(at: position, into: buffer)
}
