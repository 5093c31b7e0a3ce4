import Glibc

/// A thread for calls that block. Its owner joins or detaches it.
package struct NamedThread: ~Copyable {
  private let handle: pthread_t

  /// Starts `body` on a new thread (pthread_create).
  /// - Parameter name: shown by tools such as top; at most 15 bytes.
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

  /// Lets the thread run on without an owner (pthread_detach).
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
  // pthread_setname_np is a GNU extension that Swift's Glibc hides; it writes to the same file (proc(5)).
  let comm = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
  if comm >= 0 {
    _ = body.name.withCString { write(comm, $0, strlen($0)) }
    close(comm)
  }
  body.run()
  return nil
}
