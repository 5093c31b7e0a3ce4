import Glibc
import Logging
import Synchronization
import System

/// The signals that the program takes: SIGINT and SIGTERM stop it, SIGHUP makes it read its files again. A thread of its own
/// waits for the signals, so that the program ends even while the main thread waits for a disk or a name server.
final class Signals: Sendable {
  enum Event {
    case stop
    case reload
    /// No signal has come in the time given.
    case none
  }

  private struct State: Sendable {
    /// Set while the main thread answers a stop.
    var log: Log?
    var isStopping = false
    var isReloading = false
  }

  /// The longest time from SIGINT or SIGTERM to the end of the program. A stop that nothing holds up takes less than two
  /// seconds.
  private static let longestStop = Duration.seconds(3)
  /// The signals that other programs take as a wish, and that end a program which does not expect them: a write to a closed
  /// connection or beyond the limit of a file's size is an error here, not a signal.
  private static let ignored = [SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2]
  private static let stops = [SIGINT, SIGTERM]

  private let state = Mutex(State())
  private let arrival = Semaphore()

  /// Takes the signals from now on. To be called while there is one thread only: the threads that start later inherit its
  /// mask (pthread_sigmask).
  init() {
    for number in Self.ignored { signal(number, SIG_IGN) }
    var all = Self.set(Self.stops + [SIGHUP])
    pthread_sigmask(SIG_BLOCK, &all, nil)
    NamedThread(name: "signals") { [self] in take() }.detach()
  }

  /// From now on the main thread answers a stop with an orderly end, for which it has three seconds. Before, a stop ends the
  /// program at once.
  func beginService(log: Log) {
    state.withLock { $0.log = log }
  }

  /// Waits for one of the signals.
  func wait(atMost timeout: Duration) -> Event {
    arrival.wait(atMost: timeout)
    return state.withLock { state in
      if state.isStopping { return .stop }
      defer { state.isReloading = false }
      return state.isReloading ? .reload : .none
    }
  }

  /// Ends the wait from any thread.
  static func stop() {
    kill(getpid(), SIGTERM)
  }

  /// The work of the thread.
  private func take() {
    while true {
      guard let number = Self.next(of: Self.stops + [SIGHUP]) else { continue }
      guard number == SIGHUP else { return stop(by: number) }
      let isNew = state.withLock { state in
        defer { state.isReloading = true }
        return !state.isReloading
      }
      if isNew { arrival.post() }
    }
  }

  /// Leaves the end to the main thread for as long as a stop may take, or until the signal comes again.
  private func stop(by number: Int32) {
    let log = state.withLock { state in
      state.isStopping = true
      return state.log
    }
    arrival.post()
    guard let log else { Self.end(by: number) }
    let second = Self.next(of: Self.stops, until: .now + Self.longestStop)
    log.warning("stop: something still waits for a disk, a device or a name server; the program ends without it")
    Self.end(by: second ?? number)
  }

  /// Ends the program as the signal ends a program that does not expect it (signal(7)).
  private static func end(by number: Int32) -> Never {
    signal(number, SIG_DFL)
    var one = set([number])
    pthread_sigmask(SIG_UNBLOCK, &one, nil)
    raise(number)
    // The kernel does not let a signal end the first process of a container.
    _exit(128 + number)
  }

  /// The next of the signals (sigtimedwait).
  /// - Parameter end: of the wait; nil waits for ever.
  /// - Returns: nil if the time ran out.
  private static func next(of numbers: [Int32], until end: MonotonicTime? = nil) -> Int32? {
    var wanted = Self.set(numbers)
    while true {
      let rest = max(.zero, end.map { $0 - .now } ?? .seconds(3600))
      let (seconds, attoseconds) = rest.components
      var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
      let number = sigtimedwait(&wanted, nil, &time)
      if number > 0 { return number }
      // A stop and a continue of the process interrupt the wait, too.
      if errno == EAGAIN, end != nil { return nil }
    }
  }

  private static func set(_ numbers: [Int32]) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    return set
  }
}
