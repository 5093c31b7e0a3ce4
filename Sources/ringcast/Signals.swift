import Glibc

/// SIGINT and SIGTERM, and SIGHUP where it has a meaning, taken by the main thread when it waits and by no other.
struct Signals {
  private let set: sigset_t

  /// Blocks them, in this thread and those it will start. A write to a closed connection is an error, not a signal.
  /// - Parameter isReloadable: whether SIGHUP is to be taken; else it ends the program as it ends any other.
  init(isReloadable: Bool) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    if isReloadable { sigaddset(&set, SIGHUP) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
    self.set = set
  }

  /// Returns when it is time to stop (sigwait).
  /// - Parameter onReload: called at each SIGHUP.
  func wait(onReload: () -> Void) {
    var (set, signal) = (set, Int32(0))
    repeat {
      if signal == SIGHUP { onReload() }
      sigwait(&set, &signal)
    } while signal == SIGHUP
  }

  /// Ends the wait from any thread.
  static func stop() {
    kill(getpid(), SIGTERM)
  }
}
