import CMicroHTTPD
import Synchronization

/// The connections whose requests are held, suspended: they hold no thread.
///
/// Sendable: a pointer in `connections` is of a suspended connection, which libmicrohttpd keeps until it is resumed.
final class Waiters: Sendable {
  private struct State: @unchecked Sendable {
    var connections: [OpaquePointer] = []
    /// How often they were woken.
    var generation = 0
    var closed = false
  }

  private let state = Mutex(State())

  var generation: Int { state.withLock { $0.generation } }

  /// Suspends a connection, on its own thread, unless something has happened since `generation`.
  /// - Returns: false where it has, or where nobody may wait any more.
  func suspend(_ connection: OpaquePointer, unlessAfter generation: Int) -> Bool {
    // Under the lock, so that no wake comes between the look and the suspension.
    nonisolated(unsafe) let connection = connection
    return state.withLock { state in
      guard !state.closed, state.generation == generation else { return false }
      MHD_suspend_connection(connection)
      state.connections.append(connection)
      return true
    }
  }

  var isClosed: Bool { state.withLock { $0.closed } }

  /// Lets all of them go on; with `closing`, nobody waits any more.
  func wake(closing: Bool = false) {
    state.withLock { state in
      state.generation += 1
      if closing { state.closed = true }
      for connection in state.connections { MHD_resume_connection(connection) }
      state.connections.removeAll(keepingCapacity: true)
    }
  }
}
