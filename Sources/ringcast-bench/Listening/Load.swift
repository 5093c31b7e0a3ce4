import Glibc

/// All the listeners, on one thread: they come within the ramp, and are measured a while after the last one came.
final class Load {
  /// Nanoseconds for the last listeners to get into step.
  private static let settling = Time.seconds(4)
  /// Nanoseconds between two looks at what came; what is measured is as fine.
  private static let nap = 1_000_000

  private let listeners: [Listener]
  private let watched: [ProcessFigures]
  private var shared: Shared
  /// Nanoseconds between two looks at what came, at most: so late may any arrival be noted, and the server is not to
  /// blame.
  private var stall = 0

  init(_ options: Options) throws {
    listeners = (0..<options.listeners).map { Listener(options, number: $0) }
    watched = options.watched.map(ProcessFigures.init)
    shared = try Shared(options)
    try Self.allow(descriptors: options.listeners + 64)
  }

  func run() -> Report {
    let options = shared.options
    let start = Time.now()
    let ramp = Time.seconds(options.ramp)
    let first = Int(start + ramp + Self.settling)

    var started = 0
    turn(until: first) { now, shared, listeners in
      let due = ramp == 0 ? listeners.count : min(listeners.count, 1 + (now - start) * listeners.count / ramp)
      // Not more at a time: Icecast listens with a queue of five, and whoever finds it full comes many seconds late.
      for _ in started..<min(due, started + 4) {
        listeners[started].goOn(&shared)
        started += 1
      }
    }

    let before = Usage(watched)
    let (requests, bytes) = (shared.tally.requests, shared.tally.bytes)
    for listener in listeners { listener.beginMeasurement(at: Time.now()) }
    (shared.isMeasuring, stall) = (true, 0)
    turn(until: first + Time.seconds(options.seconds)) { _, _, _ in }
    let end = Time.now()
    let after = Usage(watched)
    for listener in listeners { listener.endMeasurement(at: end, cushion: shared.cushion) }
    return Report(
      options, seconds: Double(end - first) / 1e9, usage: after - before, stall: stall, tally: shared.tally,
      requests: shared.tally.requests - requests, bytes: shared.tally.bytes - bytes, listeners: listeners,
      watched: watched)
  }

  /// Serves events until then; `each` is called in between, every millisecond or two.
  private func turn(until end: Int, _ each: (_ now: Int, inout Shared, [Listener]) -> Void) {
    var lastLook = Time.now()
    while true {
      let now = Time.now()
      guard now < end else { return }
      each(now, &shared, listeners)
      while let number = shared.agenda.pop(now: now) { listeners[number].goOn(&shared) }
      var count = 0
      repeat {
        let look = Time.now()
        stall = max(stall, look - lastLook)
        lastLook = look
        count = shared.epoll.poll()
        for index in 0..<count {
          let (number, isGone) = shared.epoll[index]
          listeners[number].receive(isGone: isGone, &shared)
        }
      } while count == Epoll.room
      // Whoever sleeps in epoll_wait is woken by the other end's send, at its expense: as dear as the send itself, and
      // no listener does that who is on another machine.
      var nap = timespec(tv_sec: 0, tv_nsec: Self.nap)
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
