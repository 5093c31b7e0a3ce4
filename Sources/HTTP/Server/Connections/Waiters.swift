import CMicroHTTPD
import Synchronization

/// The connections whose requests are held. They are suspended, and hold no thread.
///
/// Sendable: libmicrohttpd keeps each suspended connection in `connections` until it is resumed.
final class Waiters: Sendable {
  private struct State: @unchecked Sendable {
    var connections: [OpaquePointer] = []
    /// The number of wakes so far.
    var generation = 0
    var closed = false
  }

  private let state = Mutex(State())

  var generation: Int { state.withLock { $0.generation } }

  /// Suspends a connection, on its own thread, unless there was a wake since `generation`.
  /// - Returns: false if there was one, or if the waiters are closed.
  func suspend(_ connection: OpaquePointer, unlessAfter generation: Int) -> Bool {
    // Under the lock, so that no wake comes between the check and the suspension.
    nonisolated(unsafe) let connection = connection
    return state.withLock { state in
      guard !state.closed, state.generation == generation else { return false }
      MHD_suspend_connection(connection)
      state.connections.append(connection)
      return true
    }
  }

  var isClosed: Bool { state.withLock { $0.closed } }

  /// Resumes all connections. With `closing`, no connection is suspended any more.
  func wake(closing: Bool = false) {
    state.withLock { state in
      state.generation += 1
      if closing { state.closed = true }
      for connection in state.connections { MHD_resume_connection(connection) }
      state.connections.removeAll(keepingCapacity: true)
    }
  }
}
