import Glibc

/// SIGINT and SIGTERM, taken by the main thread when it waits and by no other.
struct StopSignals {
  private let set: sigset_t

  /// Blocks them, in this thread and those it will start. A write to a closed connection is an error, not a signal.
  init() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
    self.set = set
  }

  /// Returns when one of them comes (sigwait).
  func wait() {
    var (set, signal) = (set, Int32(0))
    sigwait(&set, &signal)
  }

  /// Ends the wait from any thread.
  static func send() {
    kill(getpid(), SIGTERM)
  }
}
