import CMicroHTTPD
import Glibc
import Synchronization
import System

/// The thread that lets clients in, and shows out those who take too long.
///
/// libmicrohttpd could accept by itself, but where it fails for want of descriptors it begins again (0.9.75) only when a
/// connection of the same thread is closed, and where none is, never; and it has but one answer to one client too many.
///
/// Unchecked: `daemon` never changes, and outlives the thread.
final class Acceptor: @unchecked Sendable {
  /// Milliseconds until it is tried again, where no connection can be taken.
  private static let pause: Int32 = 100
  /// Milliseconds between two looks at the clock.
  private static let look: Int32 = 1000
  /// So many are shown out at a time, and milliseconds until the next ones are: closing thousands at once would keep the
  /// threads from those who listen.
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

  /// Closes the port; when it returns nobody is let in any more. Once is enough.
  func stop() {
    thread.withLock { thread in
      guard let running = thread.take() else { return }
      stopping.store(true, ordering: .releasing)
      // It wakes whoever waits for the socket, too.
      shutdown(socket.descriptor, Int32(SHUT_RDWR))
      running.join()
      close(socket.descriptor)
    }
  }

  private func run() {
    var (isPaused, isStarved) = (false, false)
    var (nextLook, untilLook) = (0, Self.look)
    while !stopping.load(ordering: .acquiring) {
      // poll(2): an entry with a negative descriptor is passed over.
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

  /// Takes some of those who are waiting.
  /// - Returns: nil where there may be more; else why there are none: EAGAIN where nobody waits, 0 where there is no room,
  ///   or what accept has failed with.
  private func accept() -> Int32? {
    for _ in 0..<64 {
      guard service.connections.withLock({ $0.hasRoom }) else { return 0 }
      do throws(ListenSocket.Failure) {
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
    case .crowded:
      close(descriptor)
      return onTrouble(.crowded(address: address?.description ?? ""))
    case .surplus: onTrouble(.full)
    case .welcome: break
    }
    // It closes the socket where it fails; whatever has its number next is admitted by this thread or not at all.
    if accepted.withAddress({ MHD_add_connection(daemon, descriptor, $0, $1) }) != .YES {
      _ = service.connections.withLock { $0.leave(descriptor) }
    }
  }

  /// libmicrohttpd hears of the end as if the client had gone.
  /// - Returns: whether there may be more of them.
  private func closeOverdue(at now: Int) -> Bool {
    // Under the lock, which whoever closes one of them takes before: so none has become another socket meanwhile.
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
