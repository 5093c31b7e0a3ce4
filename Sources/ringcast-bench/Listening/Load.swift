import Core
import Glibc
import System

/// All listeners, on one thread. They connect within the ramp; the measurement starts some seconds after the last one.
final class Load {
  /// The time from the end of the ramp to the measurement, in which the last listeners settle.
  private static let settling = Duration.seconds(4)
  /// The time between two polls, which is also the resolution of the measurement.
  private static let nap = Duration.milliseconds(1)

  private let listeners: [Listener]
  private let watched: [ProcessFigures]
  private var shared: Shared
  /// The longest time between two polls. An arrival may be noted that late without any fault of the
  /// server.
  private var stall = Duration.zero

  init(_ options: Options) throws {
    listeners = (0..<options.listeners).map { Listener(options, number: $0) }
    watched = options.watched.map(ProcessFigures.init)
    shared = try Shared(options)
    try Self.allow(descriptors: options.listeners + 64)
  }

  func run() -> Report {
    let options = shared.options
    let start = MonotonicTime.now
    let ramp = Duration.seconds(options.ramp)
    let first = start + ramp + Self.settling

    var started = 0
    turn(until: first) { now, shared, listeners in
      let due =
        ramp == .zero ? listeners.count : min(listeners.count, 1 + Int((now - start) / ramp * Double(listeners.count)))
      // No more than four at a time: Icecast has a listen queue of five, and a client that finds it full is seconds late.
      for _ in started..<min(due, started + 4) {
        listeners[started].startNext(&shared)
        started += 1
      }
    }

    let before = Usage(watched)
    let (requests, bytes) = (shared.tally.requests, shared.tally.bytes)
    for listener in listeners { listener.beginMeasurement(at: .now) }
    (shared.isMeasuring, stall) = (true, .zero)
    turn(until: first + .seconds(options.seconds)) { _, _, _ in }
    let end = MonotonicTime.now
    let after = Usage(watched)
    for listener in listeners { listener.endMeasurement(at: end, cushion: shared.cushion) }
    let measurement = Measurement(
      length: end - first, requests: shared.tally.requests - requests, bytes: shared.tally.bytes - bytes,
      usage: after - before, stall: stall)
    return Report(
      options, measurement, tally: shared.tally, arrivals: shared.arrivals, listeners: listeners,
      watched: watched)
  }

  /// Handles events until `end`. `each` is called in between, every millisecond or two.
  private func turn(until end: MonotonicTime, _ each: (_ now: MonotonicTime, inout Shared, [Listener]) -> Void) {
    var lastPoll = MonotonicTime.now
    while true {
      let now = MonotonicTime.now
      guard now < end else { return }
      each(now, &shared, listeners)
      while let number = shared.agenda.pop(now: now) { listeners[number].startNext(&shared) }
      var count = 0
      repeat {
        let poll = MonotonicTime.now
        stall = max(stall, poll - lastPoll)
        lastPoll = poll
        count = shared.epoll.poll()
        for index in 0..<count {
          let (number, isGone) = shared.epoll[index]
          listeners[number].receive(isGone: isGone, &shared)
        }
      } while count == Epoll.room
      // A sleep in epoll_wait would be ended by the server's send, at the server's cost, which is as high as that of the
      // send itself. Listeners on other machines do not cause that cost.
      var nap = timespec(tv_sec: 0, tv_nsec: Self.nap.nanoseconds)
      nanosleep(&nap, nil)
    }
  }

  /// Raises the limit of open files (setrlimit).
  private static func allow(descriptors count: Int) throws {
    var limit = rlimit()
    try SystemError.check("getrlimit", getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit))
    guard limit.rlim_cur < count else { return }
    limit.rlim_cur = rlim_t(count)
    limit.rlim_max = max(limit.rlim_max, limit.rlim_cur)
    try SystemError.check(
      "setrlimit(RLIMIT_NOFILE, \(count))", setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit))
  }
}
