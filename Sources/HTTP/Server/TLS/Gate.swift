import CEpoll
import CMicroHTTPD
import Glibc
import Synchronization
import System

/// Connections of TLS whose client has not asked for anything yet: they wait for it suspended, on an epoll and a thread of
/// the gate's own.
///
/// libmicrohttpd 0.9.75 takes a socket for readable until GnuTLS has tried to read from it in vain, but not while hands are
/// shaken (MHD_run_tls_handshake_): a client that stops in the middle of it would keep a thread turning at full speed.
final class Gate: Sendable {
  /// Sendable: a connection that is suspended is kept until it is resumed.
  private struct State: @unchecked Sendable {
    /// By socket.
    var waiting: [Int32: OpaquePointer] = [:]
    var closed = false
  }

  private let state = Mutex(State())
  private let epoll: Int32
  /// One end watched by the thread, the other closed to end it.
  private let alarm: SocketPair
  private let thread = Mutex<NamedThread?>(nil)

  init() throws(SocketPair.Failure) {
    alarm = try SocketPair(remainder: 0, divisor: 1)
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw SocketPair.Failure(call: "epoll_create1") }
    watch(alarm.far)
    // `close` joins it before this object goes.
    thread.withLock { $0 = NamedThread(name: "gate") { [unowned self] in self.run() } }
  }

  /// Suspends a connection, on its own thread, until there is something to read, or the socket is shut down because its
  /// time is over.
  /// - Returns: false where nobody may wait any more.
  func hold(_ connection: OpaquePointer, _ socket: Int32) -> Bool {
    nonisolated(unsafe) let connection = connection
    // Under the lock, so that it is not resumed before it is suspended.
    return state.withLock { state in
      guard !state.closed, watch(socket) else { return false }
      MHD_suspend_connection(connection)
      state.waiting[socket] = connection
      return true
    }
  }

  /// Lets all of them go, and ends the thread; nobody is held any more. Once is enough.
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
    precondition(thread.withLock { $0 == nil }, "a gate is closed before it is let go")
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
