import Glibc

/// SIGINT and SIGTERM, and SIGHUP where the program reads files again. Only the main thread takes them, when it waits.
struct Signals {
  enum Event {
    case stop
    case reload
    /// No signal has come in the time given.
    case none
  }

  private let set: sigset_t

  /// Blocks the signals, in this thread and those that it will start. A write to a closed connection is an error, not a
  /// signal.
  /// - Parameter isReloadable: whether to take SIGHUP; else SIGHUP ends the program, as it ends any other.
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

  /// Waits for one of the signals (sigtimedwait).
  func wait(atMost timeout: Duration) -> Event {
    var set = set
    let (seconds, attoseconds) = timeout.components
    while true {
      var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
      let signal = sigtimedwait(&set, nil, &time)
      // A stop and a continue of the process interrupt the wait, too.
      if signal < 0, errno == EINTR { continue }
      return signal < 0 ? .none : signal == SIGHUP ? .reload : .stop
    }
  }

  /// Ends the wait from any thread.
  static func stop() {
    kill(getpid(), SIGTERM)
  }
}
