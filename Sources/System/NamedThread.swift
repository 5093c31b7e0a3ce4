import Glibc

/// A thread of its own for calls that block, joined by its owner.
package struct NamedThread: ~Copyable {
  private let handle: pthread_t

  /// Starts `body` on a new thread, which tools show as `name`, at most 15 bytes (pthread_create).
  package init(name: String, body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Body(name: name, run: body))
    var handle = pthread_t()
    let code = pthread_create(&handle, nil, runBody, box.toOpaque())
    precondition(code == 0, "pthread_create: \(String(cString: strerror(code)))")
    self.handle = handle
  }

  /// Waits until the body has returned (pthread_join).
  package consuming func join() {
    pthread_join(handle, nil)
  }

  /// Lets the thread go on by itself (pthread_detach).
  package consuming func detach() {
    pthread_detach(handle)
  }
}

private final class Body: Sendable {
  let name: String
  let run: @Sendable () -> Void

  init(name: String, run: @escaping @Sendable () -> Void) {
    (self.name, self.run) = (name, run)
  }
}

private func runBody(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  let body = Unmanaged<Body>.fromOpaque(context!).takeRetainedValue()
  // pthread_setname_np is a GNU extension that Swift's Glibc hides; it does just this (proc(5)).
  let comm = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
  if comm >= 0 {
    _ = body.name.withCString { write(comm, $0, strlen($0)) }
    close(comm)
  }
  body.run()
  return nil
}
