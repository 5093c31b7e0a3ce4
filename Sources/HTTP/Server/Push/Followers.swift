import CMicroHTTPD
import Glibc
import Synchronization

/// The readers that have read a growing body to its present end. Their connections are suspended and hold no thread. Each
/// round sends them the new bytes, for most of them straight to their sockets: waking a connection in libmicrohttpd costs
/// as much as the sending itself.
///
/// That is safe: libmicrohttpd asks for content only when all earlier content is sent, a suspended connection is in no
/// epoll set, and its socket is closed on its own thread after it was resumed. Nor does libmicrohttpd use its TLS session
/// meanwhile.
final class Followers<Progress: Delivering>: Sendable {
  private struct State {
    /// Followers that have joined since the last round began.
    var joining: [Follower<Progress>] = []
    /// Rounds begun.
    var generation = 0
    var closed = false
  }

  private let state = Mutex(State())
  private let traffic: Traffic
  /// Followers that take part in each round. The lock is held for a whole round; joining does not wait for it.
  private let attached = Mutex<[Follower<Progress>]>([])
  private let onLate: @Sendable () -> Void

  /// - Parameter onLate: called in a round for each reader that is disconnected because it is too far behind.
  init(counting traffic: Traffic, onLate: @escaping @Sendable () -> Void) {
    (self.traffic, self.onLate) = (traffic, onLate)
  }

  var generation: Int { state.withLock { $0.generation } }
  var isClosed: Bool { state.withLock { $0.closed } }

  /// Suspends a reader's connection, on its own thread, unless a round has begun since `generation`.
  /// - Returns: false if a round has begun, or if the followers are closed.
  func join(_ follower: Follower<Progress>, unlessAfter generation: Int) -> Bool {
    // Under the lock, so that no round begins between the check and the suspension.
    state.withLock { state in
      guard !state.closed, state.generation == generation else { return false }
      MHD_suspend_connection(follower.reader.connection)
      state.joining.append(follower)
      return true
    }
  }

  /// Runs one round.
  func sendOn() {
    var latest: Chunk?
    attached.withLock { attached in
      gather(into: &attached, closing: false)
      var (kept, bytes) = (0, 0)
      for index in attached.indices {
        let verdict = attached[index].sendPending(latest: &latest, total: &bytes)
        switch verdict {
        case .wait:
          if kept < index { attached.swapAt(kept, index) }
          kept += 1
        case .late:
          attached[index].giveUp()
          traffic.disconnectedLagging()
          onLate()
        case .complete, .broken, nil: attached[index].reader.resume(verdict, sent: attached[index].sent)
        }
      }
      attached.removeSubrange(kept...)
      traffic.sent(bytes)
    }
  }

  /// Resumes all connections; nobody can join any more.
  func close() {
    attached.withLock { attached in
      gather(into: &attached, closing: true)
      for follower in attached { follower.reader.resume(.broken, sent: follower.sent) }
      attached = []
    }
  }

  private func gather(into attached: inout [Follower<Progress>], closing: Bool) {
    attached += state.withLock { state in
      state.generation += 1
      if closing { state.closed = true }
      defer { state.joining = [] }
      return state.joining
    }
  }
}
