import CMicroHTTPD
import Glibc
import Synchronization
import System

/// The thread that accepts connections and closes those past their deadline.
///
/// libmicrohttpd could accept by itself. But after a failure for lack of descriptors it (0.9.75) accepts again only when a
/// connection of the same thread is closed, and never if there is none. Nor can it refuse a client with an answer.
///
/// Unchecked: `daemon` never changes, and outlives the thread.
final class Acceptor: @unchecked Sendable {
  /// Milliseconds until the next attempt, while no connection can be accepted.
  private static let pause: Int32 = 100
  /// Milliseconds between two checks of the deadlines.
  private static let look: Int32 = 1000
  /// The most connections closed at a time, and the milliseconds until the next ones: closing thousands at once would
  /// delay the listeners.
  private static let (group, groupPause) = (100, Int32(10))

  private let socket: ListenSocket
  private let daemon: OpaquePointer
  private let service: Service
  private let onTrouble: @Sendable (Server.Trouble) -> Void
  private let stopping = Atomic(false)
  private let thread = Mutex<NamedThread?>(nil)

  init(
    _ socket: ListenSocket, for daemon: OpaquePointer, _ service: Service,
    onTrouble: @escaping @Sendable (Server.Trouble) -> Void
  ) {
    (self.socket, self.daemon, self.service, self.onTrouble) = (socket, daemon, service, onTrouble)
    thread.withLock { $0 = NamedThread(name: "accept") { [self] in run() } }
  }

  /// Closes the port; no connection is accepted after it returns. May be called again.
  func stop() {
    thread.withLock { thread in
      guard let running = thread.take() else { return }
      stopping.store(true, ordering: .releasing)
      // This also wakes the thread in poll.
      shutdown(socket.descriptor, Int32(SHUT_RDWR))
      running.join()
      close(socket.descriptor)
    }
  }

  private func run() {
    var (isPaused, isStarved) = (false, false)
    var (nextLook, untilLook) = (0, Self.look)
    while !stopping.load(ordering: .acquiring) {
      // poll(2) ignores an entry with a negative descriptor.
      var entry = pollfd(fd: isPaused ? -1 : socket.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&entry, 1, min(untilLook, isPaused ? Self.pause : Self.look))
      let now = Clock.monotonic()
      if now >= nextLook {
        untilLook = closeOverdue(at: now) ? Self.groupPause : Self.look
        nextLook = now + Int(untilLook) * 1_000_000
      }
      switch accept() {
      case nil: isPaused = false
      case 0: isPaused = true
      case EAGAIN:
        if isStarved { onTrouble(.recovered) }
        (isPaused, isStarved) = (false, false)
      case .some(let code):
        if !isStarved { onTrouble(.starved(code: code)) }
        (isPaused, isStarved) = (true, true)
      }
    }
  }

  /// Accepts some of the waiting connections.
  /// - Returns: nil if there may be more. Otherwise the reason: EAGAIN if none is waiting, 0 if there is no room, or the
  ///   error number of accept.
  private func accept() -> Int32? {
    for _ in 0..<64 {
      guard service.connections.withLock({ $0.hasRoom }) else { return 0 }
      do throws(SystemError) {
        admit(try socket.accept())
      } catch {
        switch error.code {
        case EINTR, ECONNABORTED: continue
        // accept(2): "Linux accept() (and accept4()) passes already-pending network errors on the new socket as an error
        // code from accept() … treat them like EAGAIN by retrying".
        case ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH: continue
        case let code: return stopping.load(ordering: .acquiring) ? EAGAIN : code
        }
      }
    }
    return nil
  }

  private func admit(_ accepted: ListenSocket.Accepted) {
    let address = accepted.withAddress { address, _ in IPAddress(address).map(ClientAddress.init) }
    let (descriptor, now) = (accepted.descriptor, Clock.monotonic())
    switch service.connections.withLock({ $0.admit(descriptor, from: address, at: now) }) {
    case .overAddressLimit:
      close(descriptor)
      return onTrouble(.crowded(address: address?.description ?? ""))
    case .overLimit: onTrouble(.full)
    case .admitted: break
    }
    // On failure MHD_add_connection closes the socket. Only this thread admits the next socket with that number.
    if accepted.withAddress({ MHD_add_connection(daemon, descriptor, $0, $1) }) != .YES {
      _ = service.connections.withLock { $0.leave(descriptor) }
    }
  }

  /// Closes connections past their deadline. To libmicrohttpd the client seems to have gone.
  /// - Returns: whether there may be more of them.
  private func closeOverdue(at now: Int) -> Bool {
    // Under the lock, which is taken before any of them is closed: so no descriptor has become another socket meanwhile.
    service.connections.withLock { connections in
      let overdue = connections.takeOverdue(at: now, atMost: Self.group)
      for descriptor in overdue {
        resetWhenClosed(descriptor)
        shutdown(descriptor, Int32(SHUT_RDWR))
      }
      return overdue.count == Self.group
    }
  }
}
