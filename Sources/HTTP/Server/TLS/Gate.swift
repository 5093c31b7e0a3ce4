import CEpoll
import CMicroHTTPD
import Glibc
import Synchronization
import System

/// Holds TLS connections whose client has not sent a request yet. They are suspended, and wait on an epoll and a thread of
/// the gate.
///
/// libmicrohttpd 0.9.75 treats a socket as readable until GnuTLS has failed to read from it, but not during a handshake
/// (MHD_run_tls_handshake_): a client that stops in the middle of its handshake would keep a thread at full load.
final class Gate: Sendable {
  /// Sendable: libmicrohttpd keeps a suspended connection until it is resumed.
  private struct State: @unchecked Sendable {
    /// By socket.
    var waiting: [Int32: OpaquePointer] = [:]
    var closed = false
  }

  private let state = Mutex(State())
  private let epoll: Int32
  /// The thread watches one end; closing the other end wakes the thread.
  private let alarm: SocketPair
  private let thread = Mutex<NamedThread?>(nil)

  init() throws(SystemError) {
    alarm = try SocketPair(remainder: 0, divisor: 1)
    epoll = try SystemError.check("epoll_create1", epoll_create1(Int32(EPOLL_CLOEXEC)))
    watch(alarm.far)
    // `close` joins the thread before this object is freed.
    thread.withLock { $0 = NamedThread(name: "gate") { [unowned self] in self.run() } }
  }

  /// Suspends a connection, on its own thread, until there are bytes to read, or until the socket is shut down by a
  /// timeout.
  /// - Returns: false if the gate is closed.
  func hold(_ connection: OpaquePointer, _ socket: Int32) -> Bool {
    nonisolated(unsafe) let connection = connection
    // Under the lock, so that the connection is not resumed before it is suspended.
    return state.withLock { state in
      guard !state.closed, watch(socket) else { return false }
      MHD_suspend_connection(connection)
      state.waiting[socket] = connection
      return true
    }
  }

  /// Resumes all connections, and ends the thread. Later connections are not held. May be called again.
  func close() {
    state.withLock { state in
      guard !state.closed else { return }
      state.closed = true
      for socket in Array(state.waiting.keys) { resume(socket, &state) }
      Glibc.close(alarm.near)
    }
    thread.withLock { thread in
      if let running = thread.take() { running.join() }
    }
  }

  deinit {
    precondition(thread.withLock { $0 == nil }, "a gate is closed before it is freed")
    Glibc.close(alarm.far)
    Glibc.close(epoll)
  }

  private func run() {
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    while !state.withLock({ $0.closed }) {
      let count = epoll_wait(epoll, &events, Int32(events.count), -1)
      state.withLock { state in
        for event in events.prefix(Int(max(0, count))) { resume(event.data.fd, &state) }
      }
    }
  }

  @discardableResult
  private func watch(_ socket: Int32) -> Bool {
    var event = epoll_event(events: EPOLLIN.rawValue | EPOLLRDHUP.rawValue, data: epoll_data_t(fd: socket))
    return epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0
  }

  private func resume(_ socket: Int32, _ state: inout State) {
    guard let connection = state.waiting.removeValue(forKey: socket) else { return }
    epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
    MHD_resume_connection(connection)
  }
}
