import CMicroHTTPD
import Glibc
import Synchronization

/// The readers that have had all there is of a growing body. Their connections are suspended, and hold no thread; in each
/// round they get what the body has grown by, most of them straight to their sockets: to wake a connection in
/// libmicrohttpd costs as much again as to send.
///
/// That is sound: libmicrohttpd asks for content only when all it had is sent, a suspended connection is in no epoll set,
/// and its socket is closed on its own thread, after it was resumed. Its TLS, too, is left alone meanwhile.
final class Followers<Progress: Delivering>: Sendable {
  private struct State {
    /// Those who came since the last round began.
    var joining: [Follower<Progress>] = []
    /// Rounds begun.
    var generation = 0
    var closed = false
  }

  private let state = Mutex(State())
  private let traffic: Traffic
  /// Held for a whole round; whoever joins does not wait for it.
  private let circle = Mutex<[Follower<Progress>]>([])
  private let onLate: @Sendable () -> Void

  /// - Parameter onLate: called in a round for each reader that is given up because it takes less than comes.
  init(counting traffic: Traffic, onLate: @escaping @Sendable () -> Void) {
    (self.traffic, self.onLate) = (traffic, onLate)
  }

  var generation: Int { state.withLock { $0.generation } }
  var isClosed: Bool { state.withLock { $0.closed } }

  /// Suspends a reader's connection, on its own thread, unless a round has begun since `generation`.
  /// - Returns: false where one has, or where nobody may wait any more.
  func join(_ follower: Follower<Progress>, unlessAfter generation: Int) -> Bool {
    // Under the lock, so that no round begins between the look and the suspension.
    state.withLock { state in
      guard !state.closed, state.generation == generation else { return false }
      MHD_suspend_connection(follower.reader.connection)
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
        let verdict = circle[index].goOn(latest: &latest, total: &bytes)
        switch verdict {
        case .wait:
          if kept < index { circle.swapAt(kept, index) }
          kept += 1
        case .late:
          circle[index].giveUp()
          traffic.gaveUp()
          onLate()
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

  private func gather(into circle: inout [Follower<Progress>], closing: Bool) {
    circle += state.withLock { state in
      state.generation += 1
      if closing { state.closed = true }
      defer { state.joining = [] }
      return state.joining
    }
  }
}
