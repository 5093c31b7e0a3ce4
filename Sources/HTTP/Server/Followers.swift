import CMicroHTTPD
import Glibc
import Synchronization

/// The readers that have had all there is of a growing body. Their connections are suspended, and hold no thread; in each
/// round they get what the body has grown by, most of them straight to their sockets: to wake a connection in
/// libmicrohttpd costs as much again as to send.
///
/// That is sound: libmicrohttpd asks for content only when all it had is sent, a suspended connection is in no epoll set,
/// and its socket is closed on its own thread, after it was resumed. Its TLS, too, is left alone meanwhile.
final class Followers: Sendable {
  private struct Follower {
    let reader: GrowthReader
    let socket: Int32
    let tls: TLSSession?
    /// Nil where libmicrohttpd must do the sending.
    var delivery: Delivery?

    /// Bytes of content, by `goOn`.
    var sent: Int { delivery?.sent ?? 0 }

    /// Sends what there is; nil where libmicrohttpd is to do it.
    mutating func goOn(latest: inout Chunk?) -> Delivery.Verdict? {
      let (socket, tls) = (socket, tls)
      return delivery?.goOn(latest: &latest) { bytes, more in
        if let tls { return tls.send(bytes) }
        // Where the end follows, which libmicrohttpd sends, both go out as one (send(2)).
        let flags = Int32(MSG_NOSIGNAL) | (more ? Int32(MSG_MORE) : 0)
        let count = send(socket, bytes.baseAddress, bytes.count, flags)
        if count >= 0 { return count }
        return [EAGAIN, EINTR, ENOBUFS, ENOMEM].contains(errno) ? 0 : nil
      }
    }
  }

  private struct State {
    /// Those who came since the last round began.
    var joining: [Follower] = []
    /// Rounds begun.
    var generation = 0
    var closed = false
  }

  private let state = Mutex(State())
  private let traffic: Traffic
  /// Held for a whole round; whoever joins does not wait for it.
  private let circle = Mutex<[Follower]>([])

  init(counting traffic: Traffic) {
    self.traffic = traffic
  }

  var generation: Int { state.withLock { $0.generation } }
  var isClosed: Bool { state.withLock { $0.closed } }

  /// Suspends a reader's connection, on its own thread, unless a round has begun since `generation`.
  /// - Parameter delivery: nil where the reader is to be resumed, rather than sent to, in the next round.
  /// - Returns: false where one has, or where nobody may wait any more.
  func join(_ reader: GrowthReader, _ delivery: Delivery?, unlessAfter generation: Int) -> Bool {
    let (connection, tls) = (reader.connection, TLSSession.of(reader.connection))
    if delivery != nil { tls?.uncork() }
    let follower = Follower(reader: reader, socket: mhd_socket(connection), tls: tls, delivery: delivery)
    // Under the lock, so that no round begins between the look and the suspension.
    return state.withLock { state in
      guard !state.closed, state.generation == generation else { return false }
      MHD_suspend_connection(reader.connection)
      state.joining.append(follower)
      return true
    }
  }

  /// One round.
  func sendOn() {
    var latest: Chunk?
    circle.withLock { circle in
      gather(into: &circle, closing: false)
      var (kept, bytes) = (0, 0)
      for index in circle.indices {
        let before = circle[index].sent
        let verdict = circle[index].goOn(latest: &latest)
        bytes += circle[index].sent - before
        switch verdict {
        case .wait:
          if kept < index { circle.swapAt(kept, index) }
          kept += 1
        case .complete, .broken, nil: circle[index].reader.resume(verdict, sent: circle[index].sent)
        }
      }
      circle.removeSubrange(kept...)
      traffic.sent(bytes)
    }
  }

  /// Lets all of them go; nobody follows any more.
  func close() {
    circle.withLock { circle in
      gather(into: &circle, closing: true)
      for follower in circle { follower.reader.resume(.broken, sent: follower.sent) }
      circle = []
    }
  }

  private func gather(into circle: inout [Follower], closing: Bool) {
    circle += state.withLock { state in
      state.generation += 1
      if closing { state.closed = true }
      defer { state.joining = [] }
      return state.joining
    }
  }
}
