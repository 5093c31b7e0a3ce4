import Core
import Glibc
import Logging
import Rooms
import Synchronization
import System

/// The thread `mixer`: each ten milliseconds, it mixes the next sound of every room. It sleeps while no member hears sound and
/// no stream takes any.
///
/// Unchecked: everything but the inbox, the rings, the counters and the semaphores belongs to the thread.
final class MixerThread: @unchecked Sendable {
  private struct Inbox: Sendable {
    var rooms: [RoomName: [VoiceRow]] = [:]
    /// The feeds of all rooms; nil where they are the same as before.
    var feeds: [RoomName: [AirFeed]]?
    var isEnd = false

    mutating func take() -> Inbox {
      defer { self = Inbox() }
      return self
    }
  }

  /// Ticks between two reports of figures: five reports a second.
  private static let reportTicks = 20
  /// Any real-time priority is before all normal threads.
  private static let priority: Int32 = 10

  /// The packets and the figures for the thread that sends.
  let sent = SoundRing(capacity: sentBytes)
  /// Posted when there are records in `sent`.
  let hasSent = LightSemaphore()
  private static let sentBytes = 1 << 22

  private let inbox = Mutex(Inbox())
  private let hasChanges = Atomic(false)
  private let wake = LightSemaphore()
  private let ended = Semaphore()
  private let lateTicks = Atomic(0)
  private let skippedTicks = Atomic(0)
  private let log: Log
  private var rooms: [MixedRoom] = []
  private var clock = TickClock(at: .now)
  /// The number of the tick that tells the figures next.
  private var nextReport = 0
  private var isEnd = false

  init(log: Log) {
    self.log = log
  }

  func start() {
    NamedThread(name: "mixer") { self.run() }.detach()
  }

  /// Ends the thread.
  func stop() {
    post { $0.isEnd = true }
    ended.wait(atMost: .milliseconds(200))
  }

  /// Replaces the voices of a room; returns at once.
  func update(_ room: RoomName, _ rows: [VoiceRow]) {
    post { $0.rooms[room] = rows }
  }

  /// Replaces the feeds of the streams whose source is a room; returns at once.
  /// - Parameter feeds: of all rooms. The programme of a room is that of the room's first feed.
  func update(feeds: [RoomName: [AirFeed]]) {
    post { $0.feeds = feeds }
  }

  /// Ticks that began late, and ticks that were left out, since the start.
  var ticks: (late: Int, skipped: Int) {
    (lateTicks.load(ordering: .relaxed), skippedTicks.load(ordering: .relaxed))
  }

  private func post(_ change: (inout Inbox) -> Void) {
    inbox.withLock { change(&$0) }
    hasChanges.store(true, ordering: .releasing)
    wake.post()
  }

  private func run() {
    askForPriority()
    while !isEnd {
      takeChanges()
      guard isHeard else {
        wait()
        continue
      }
      Clock.sleep(until: clock.next.nanoseconds)
      tick()
    }
    ended.post()
  }

  /// A thread of the real-time class runs when its time has come, whatever the others do (sched(7)). The kernel may refuse.
  private func askForPriority() {
    var parameters = sched_param()
    parameters.sched_priority = Self.priority
    let code = pthread_setschedparam(pthread_self(), SCHED_RR, &parameters)
    log.debug(
      code == 0
        ? "mixer: it has a real-time priority"
        : "mixer: no real-time priority (\(String(cString: strerror(code)))), so a busy machine may delay voices")
  }

  private var isHeard: Bool {
    for room in rooms where room.isHeard { return true }
    return false
  }

  /// Sleeps until something changes.
  private func wait() {
    wake.wait()
    while wake.take() {}
    takeChanges(waiting: true)
    for room in rooms { room.dropWaiting() }
    clock.resume(at: .now)
  }

  /// Takes over the changes between two ticks.
  /// - Parameter waiting: whether the thread may wait for the thread that makes a change just now.
  private func takeChanges(waiting: Bool = false) {
    guard hasChanges.exchange(false, ordering: .acquiringAndReleasing) else { return }
    let taken =
      waiting ? inbox.withLock { $0.take() } : inbox.withLockIfAvailable { $0.take() }
    guard let changes = taken else {
      // The next tick comes first.
      return hasChanges.store(true, ordering: .releasing)
    }
    for (name, rows) in changes.rooms where !rows.isEmpty { addRoom(name) }
    for (name, _) in changes.feeds ?? [:] { addRoom(name) }
    for room in rooms {
      if let rows = changes.rooms[room.name] { room.update(rows) }
      if let feeds = changes.feeds { room.update(feeds: feeds[room.name] ?? []) }
    }
    rooms.removeAll { $0.isOver }
    isEnd = isEnd || changes.isEnd
  }

  private func addRoom(_ name: RoomName) {
    if !rooms.contains(where: { $0.name == name }) { rooms.append(MixedRoom(name)) }
  }

  private func tick() {
    let now = MonotonicTime.now
    let number = clock.begin(at: now)
    lateTicks.store(clock.late, ordering: .relaxed)
    skippedTicks.store(clock.skipped, ordering: .relaxed)
    for room in rooms { room.tick(number, at: now, sent: sent) }
    if number >= nextReport {
      nextReport = number + Self.reportTicks
      for room in rooms { room.report(sent) }
      _ = sent.push(UnsafeRawBufferPointer(start: nil, count: 0), kind: SentSound.end, tag: 0)
    }
    if !sent.isEmpty { hasSent.post() }
  }
}
