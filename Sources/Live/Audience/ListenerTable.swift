import Core
import System

/// The listeners of a stream that are there now, and their ways of listening. Pure: the shell reports each action of a
/// listener with its time, and the table counts.
///
/// A listener is there while an answer that grows is being sent to it, and until `timeout` after any other action. A
/// listener that shows a session is one listener, over any number of connections. A listener without a session is known by
/// its connection; when the connection is closed, the next connection with the same client fingerprint is taken for the same
/// listener.
struct ListenerTable {
  /// The ways of listening; a greater one is nearer to live.
  enum Way: Int, CaseIterable {
    case plain, lowLatency, growing, endless
  }

  enum Listener: Hashable {
    case session(String)
    case connection(Int)
  }

  private struct Entry {
    /// Equal for the connections of one program on one machine.
    let clientFingerprint: Int
    var way: Way
    /// The last time it listened in that way, and the last time it did anything.
    var wayAt: MonotonicTime
    var seenAt: MonotonicTime
    /// The answers that grow and are being sent to it.
    var answers = 0

    mutating func does(_ way: Way?, at now: MonotonicTime, timeout: Duration) {
      seenAt = now
      guard let way, way.rawValue >= self.way.rawValue || now - wayAt > timeout else { return }
      (self.way, wayAt) = (way, now)
    }
  }

  /// The least time after which a silent listener has left. The page asks for the description every ten seconds.
  static let shortestTimeout = Duration.seconds(15)

  /// The time after which a listener that does nothing has left: a player asks about once in a segment, and may miss two.
  static func timeout(segmentLength: Duration) -> Duration { max(segmentLength * 3, shortestTimeout) }

  /// Any client can make up sessions: listeners beyond this number are not counted.
  let capacity: Int
  /// The time for which a listener that does nothing is there.
  let timeout: Duration
  /// The listeners that have come since the start.
  private(set) var sessions = 0

  private var present: [Listener: Entry] = [:]
  /// The listeners whose connection is closed, by client fingerprint, the latest last.
  private var orphans: [Int: [Entry]] = [:]
  /// The number of `orphans`.
  private var orphanCount = 0
  /// Nil before the first sweep.
  private var sweptAt: MonotonicTime?

  init(timeout: Duration, capacity: Int = 100_000) {
    (self.timeout, self.capacity) = (timeout, capacity)
  }

  /// A listener has asked for a resource that is sent at once, or soon.
  /// - Parameters:
  ///   - way: nil where the request does not tell.
  ///   - clientFingerprint: called only for a listener that is not there yet.
  mutating func asks(_ listener: Listener, _ way: Way?, at now: MonotonicTime, clientFingerprint: () -> Int) {
    update(listener, way, at: now, clientFingerprint) { _ in }
  }

  /// An answer that grows begins to be sent to a listener.
  mutating func begins(_ listener: Listener, _ way: Way, at now: MonotonicTime, clientFingerprint: () -> Int) {
    update(listener, way, at: now, clientFingerprint) { $0.answers += 1 }
  }

  /// An answer that grows is over.
  mutating func ends(_ listener: Listener, at now: MonotonicTime) {
    guard var entry = present[listener] else { return }
    (entry.seenAt, entry.answers) = (now, max(0, entry.answers - 1))
    present[listener] = entry
  }

  /// A connection is closed. A listener of a growing answer has left with it. A listener that asks now and then may come
  /// back by another connection.
  mutating func closes(_ connection: Int) {
    guard let entry = present.removeValue(forKey: .connection(connection)),
      entry.way == .plain || entry.way == .lowLatency
    else { return }
    orphans[entry.clientFingerprint, default: []].append(entry)
    orphanCount += 1
  }

  /// The number of listeners in each way.
  mutating func counts(at now: MonotonicTime) -> [Way: Int] {
    sweep(at: now)
    var counts = Dictionary(uniqueKeysWithValues: Way.allCases.map { ($0, 0) })
    for entry in present.values { counts[entry.way]! += 1 }
    for entry in orphans.values.joined() { counts[entry.way]! += 1 }
    return counts
  }

  private mutating func update(
    _ listener: Listener, _ way: Way?, at now: MonotonicTime, _ clientFingerprint: () -> Int,
    _ change: (inout Entry) -> Void
  ) {
    if let place = present.index(forKey: listener) {
      present.values[place].does(way, at: now, timeout: timeout)
      change(&present.values[place])
      return
    }
    let fingerprint = clientFingerprint()
    guard var entry = orphan(listener, fingerprint) ?? newcomer(way, fingerprint, at: now) else { return }
    entry.does(way, at: now, timeout: timeout)
    change(&entry)
    present[listener] = entry
  }

  private mutating func orphan(_ listener: Listener, _ clientFingerprint: Int) -> Entry? {
    guard case .connection = listener, let entry = orphans[clientFingerprint]?.popLast() else { return nil }
    if orphans[clientFingerprint]!.isEmpty { orphans[clientFingerprint] = nil }
    orphanCount -= 1
    return entry
  }

  private mutating func newcomer(_ way: Way?, _ clientFingerprint: Int, at now: MonotonicTime) -> Entry? {
    let isFull = present.count + orphanCount >= capacity
    if sweptAt.map({ now - $0 > (isFull ? .seconds(1) : timeout) }) ?? true { sweep(at: now) }
    guard present.count + orphanCount < capacity else { return nil }
    sessions += 1
    return Entry(clientFingerprint: clientFingerprint, way: way ?? .plain, wayAt: now, seenAt: now)
  }

  /// Forgets the listeners that have left.
  private mutating func sweep(at now: MonotonicTime) {
    sweptAt = now
    present = present.filter { $0.value.answers > 0 || now - $0.value.seenAt <= timeout }
    orphans = orphans.mapValues { $0.filter { now - $0.seenAt <= timeout } }.filter { !$0.value.isEmpty }
    orphanCount = orphans.values.reduce(0) { $0 + $1.count }
  }
}
