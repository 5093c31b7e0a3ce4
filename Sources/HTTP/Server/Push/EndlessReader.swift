import CMicroHTTPD
import Glibc
import Synchronization
import System

/// Feeds one connection from an endless body. libmicrohttpd sends the head; then the connection is one of the followers,
/// and what libmicrohttpd asks for is sent to the socket past it.
///
/// Unchecked: as `GrowthReader` is.
final class EndlessReader: Reader, @unchecked Sendable {
  /// Bytes that the kernel may keep, of which it makes twice as many (socket(7)): more would be a lag that nobody sees.
  /// It is what 320 kbit/s have under way where the way and back take a second and a half.
  private static let kernelBuffer: Int32 = 32 << 10

  let connection: OpaquePointer
  private let exchange: Exchange
  private let service: Service
  /// Until the followers have it: it would keep all that comes.
  private var endless: Endless?
  /// The response, until its head is out.
  private var head: OpaquePointer?
  /// Set when there is nothing more to be sent.
  private var ending = endWithError

  private init(_ endless: Endless, _ connection: OpaquePointer, _ exchange: Exchange, _ service: Service) {
    (self.endless, self.connection, self.exchange, self.service) = (endless, connection, exchange, service)
  }

  /// A response of unknown length, to the connection's end.
  static func response(
    _ endless: Endless, headers: [(name: String, value: String)], on connection: OpaquePointer, _ exchange: Exchange,
    _ service: Service
  ) -> PreparedResponse {
    let reader = EndlessReader(endless, connection, exchange, service)
    // Nothing is ever read into its memory.
    let pointer = MHD_create_response_from_callback(.max, 1, readEndless, Unmanaged.passRetained(reader).toOpaque()) {
      Unmanaged<EndlessReader>.fromOpaque($0!).release()
    }
    guard let pointer else { fatalError("libmicrohttpd: no memory for a response") }
    mhd_end_with_connection(pointer)
    reader.head = pointer
    return PreparedResponse(pointer, headers: headers)
  }

  /// As `MHD_ContentReaderCallback`; called first when the head is sent.
  fileprivate func read() -> Int {
    guard let endless else { return ending }
    self.endless = nil
    if let head { mhd_forget_headers(head) }
    head = nil
    let socket = mhd_socket(connection)
    var size = Self.kernelBuffer
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    let now = Clock.monotonic()
    service.connections.withLock { $0.answerFlows(endless.body, on: socket, at: now) }
    return follow(Follower(self, EndlessDelivery(endless, clock: Clock.monotonic)))
  }

  /// What is there already is sent at once, on the connection's own thread.
  private func follow(_ follower: Follower<EndlessDelivery>) -> Int {
    var (follower, latest): (_, Chunk?) = (follower, nil)
    while true {
      let generation = service.endlessFollowers.generation
      var sent = 0
      let verdict = follower.goOn(latest: &latest, total: &sent)
      service.traffic.sent(sent)
      if verdict == .wait, service.endlessFollowers.join(follower, unlessAfter: generation) { return 0 }
      if verdict == .wait, !service.endlessFollowers.isClosed { continue }
      exchange.sent = follower.sent
      return verdict == .complete ? endOfStream : endWithError
    }
  }

  func resume(_ verdict: Delivery.Verdict?, sent: Int) {
    exchange.sent = sent
    ending = verdict == .complete ? endOfStream : endWithError
    MHD_resume_connection(connection)
  }
}

private func readEndless(
  _ reader: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ room: Int
) -> Int {
  Unmanaged<EndlessReader>.fromOpaque(reader!).takeUnretainedValue().read()
}
