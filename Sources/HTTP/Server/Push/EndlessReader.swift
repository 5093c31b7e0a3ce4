import CMicroHTTPD
import Glibc
import Synchronization
import System

/// Sends an endless body to one connection. libmicrohttpd sends the head. Then the connection is one of the followers, and
/// the content goes straight to the socket.
///
/// Unchecked: for the reason given at `GrowthReader`.
final class EndlessReader: Reader, @unchecked Sendable {
  /// Bytes that the kernel may buffer; it doubles the number (socket(7)). More would be a lag that the server cannot see.
  /// 320 kbit/s with a round trip of one and a half seconds need this many.
  private static let kernelBuffer: Int32 = 32 << 10

  let connection: OpaquePointer
  private let exchange: Exchange
  private let service: Service
  private let followers: Followers<EndlessDelivery>
  /// Nil once the followers have it, because it keeps all later bodies in memory.
  private var endless: Endless?
  /// The response, until its head is sent.
  private var head: OpaquePointer?
  /// Set when everything is sent.
  private var ending = endWithError

  private init(_ endless: Endless, _ connection: OpaquePointer, _ exchange: Exchange, _ service: Service) {
    (self.endless, self.connection, self.exchange, self.service) = (endless, connection, exchange, service)
    followers = service.channels[endless.channel].endlessFollowers
  }

  /// A response of unknown length, which ends with the connection.
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

  /// The `MHD_ContentReaderCallback`. The first call comes when the head is sent.
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
    return follow(Follower(self, EndlessDelivery(endless, clock: { .now })))
  }

  /// Bytes that exist already are sent at once, on the connection's own thread.
  private func follow(_ follower: Follower<EndlessDelivery>) -> Int {
    var (follower, latest): (_, Chunk?) = (follower, nil)
    while true {
      let generation = followers.generation
      var sent = 0
      let verdict = follower.sendPending(latest: &latest, total: &sent)
      service.traffic.sent(sent)
      if verdict == .wait, followers.join(follower, unlessAfter: generation) { return 0 }
      if verdict == .wait, !followers.isClosed { continue }
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
