import Glibc

/// SIGINT and SIGTERM, and SIGHUP where it has a meaning, taken by the main thread when it waits and by no other.
struct Signals {
  enum Event {
    case stop
    case reload
    /// None has come in the time given.
    case none
  }

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

  /// Waits for one of them (sigwaitinfo, sigtimedwait).
  /// - Parameter nanoseconds: nil is for ever.
  func wait(nanoseconds: Int?) -> Event {
    var set = set
    while true {
      let signal: Int32
      if let nanoseconds {
        var time = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
        signal = sigtimedwait(&set, nil, &time)
      } else {
        signal = sigwaitinfo(&set, nil)
      }
      // A stop and a continue interrupt it, too.
      if signal < 0, errno == EINTR { continue }
      return signal < 0 ? .none : signal == SIGHUP ? .reload : .stop
    }
  }

  /// Ends the wait from any thread.
  static func stop() {
    kill(getpid(), SIGTERM)
  }
}
