import CMicroHTTPD

/// Feeds one connection from a growing body, through libmicrohttpd until it has had all there is; from there on it is one
/// of the followers.
///
/// Unchecked: what changes is used on libmicrohttpd's thread, but for `resume`, while that thread leaves the suspended
/// connection alone; they hand it over under the followers' lock and libmicrohttpd's.
final class GrowthReader: Reader, @unchecked Sendable {
  let connection: OpaquePointer
  private let growth: Growth
  private let isChunked: Bool
  private let followers: Followers<Delivery>
  private let traffic: Traffic
  private let exchange: Exchange
  /// The response, until its head is out.
  private var head: OpaquePointer?
  /// Set when the followers have sent all there was to be sent.
  private var ending: Int?

  private init(_ growth: Growth, _ connection: OpaquePointer, _ exchange: Exchange, _ service: Service) {
    (self.growth, self.connection, self.exchange) = (growth, connection, exchange)
    (isChunked, traffic) = (exchange.takesChunks, service.traffic)
    followers = growth.isPrompt ? service.promptFollowers : service.followers
  }

  /// A response of unknown length, which libmicrohttpd sends in chunks where `exchange` takes them, or else to the
  /// connection's end.
  static func response(
    _ growth: Growth, headers: [(name: String, value: String)], on connection: OpaquePointer, _ exchange: Exchange,
    _ service: Service
  ) -> PreparedResponse {
    let reader = GrowthReader(growth, connection, exchange, service)
    // Chunks are read straight into the connection's memory; the response's own is for what is not chunked.
    let size = reader.isChunked ? 1 : 4096
    let pointer = MHD_create_response_from_callback(.max, size, readGrowth, Unmanaged.passRetained(reader).toOpaque()) {
      Unmanaged<GrowthReader>.fromOpaque($0!).release()
    }
    guard let pointer else { fatalError("libmicrohttpd: no memory for a response") }
    reader.head = pointer
    return PreparedResponse(pointer, headers: headers)
  }

  /// As `MHD_ContentReaderCallback`; called first when the head is in the connection's own memory, or sent.
  fileprivate func read(at position: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    // They are a tenth of what a listener takes up.
    if let head { mhd_forget_headers(head) }
    head = nil
    if let ending { return ending }
    let offset = growth.from + Int(position)
    while true {
      let generation = followers.generation
      // In this order: what was appended before the end is seen before the end is.
      let isFinished = growth.body.isFinished
      let bytes = growth.body.bytes(from: offset, to: growth.to, room: buffer.count)
      if !bytes.isEmpty {
        buffer.copyMemory(from: bytes)
        exchange.sent += bytes.count
        traffic.sent(bytes.count)
        return bytes.count
      }
      // An answer that came to its end with nothing in it might be kept for good as the whole.
      if isFinished, growth.body.count == 0 { return endWithError }
      if isFinished || offset >= growth.to { return endOfStream }
      let follower = Follower(self, delivery(from: offset))
      if followers.join(follower, unlessAfter: generation) { return 0 }
      if followers.isClosed { return endWithError }
    }
  }

  /// Nil where libmicrohttpd has to do it: it is HTTP/1.0, or a range that ends before the body may or begins where
  /// nothing is yet.
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

// microhttpd.h: MHD_CONTENT_READER_END_OF_STREAM and …_END_WITH_ERROR are casts, which Swift can't import.
let endOfStream = -1
let endWithError = -2

private func readGrowth(
  _ reader: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ room: Int
) -> Int {
  let buffer = UnsafeMutableRawBufferPointer(start: buffer, count: room)
  return Unmanaged<GrowthReader>.fromOpaque(reader!).takeUnretainedValue().read(at: position, into: buffer)
}
