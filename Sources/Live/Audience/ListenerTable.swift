/// Who listens now, and in which way. Pure: it is told what listeners do, and when, and counts them.
///
/// A listener is there while an answer that grows is on its way to it, and for some seconds after whatever else it did. One
/// that shows a session is one, over however many connections it comes. One that shows none is told by its connection;
/// when that is closed, the next one that looks like it is taken for the same listener.
struct ListenerTable {
  /// Ways of listening, the nearer to live the greater.
  enum Way: Int, CaseIterable {
    case plain, lowLatency, growing, endless
  }

  enum Listener: Hashable {
    case session(String)
    case connection(Int)
  }

  private struct Entry {
    /// What another connection of the same program on the same machine has in common with it.
    let likeness: Int
    var way: Way
    /// When it listened in that way last, and did anything last, in monotonic nanoseconds.
    var wayAt: Int
    var seenAt: Int
    /// Answers that grow, on their way to it.
    var answers = 0

    mutating func does(_ way: Way?, at now: Int, patience: Int) {
      seenAt = now
      guard let way, way.rawValue >= self.way.rawValue || now - wayAt > patience else { return }
      (self.way, wayAt) = (way, now)
    }
  }

  /// Whoever likes can make up sessions: more than this many are not counted.
  let capacity: Int
  /// Nanoseconds for which a listener that does nothing is there.
  let patience: Int
  /// Listeners that have come since the beginning.
  private(set) var sessions = 0

  private var present: [Listener: Entry] = [:]
  /// Those whose connection is closed, by likeness, the latest last.
  private var orphans: [Int: [Entry]] = [:]
  /// How many of those there are.
  private var orphanCount = 0
  private var sweptAt = 0

  init(patience: Int, capacity: Int = 100_000) {
    (self.patience, self.capacity) = (patience, capacity)
  }

  /// A listener has asked for something that is sent at once, or soon.
  /// - Parameters:
  ///   - way: nil where that says nothing about it.
  ///   - now: monotonic nanoseconds, here and below.
  mutating func asks(_ listener: Listener, _ way: Way?, likeness: Int, at now: Int) {
    update(listener, way, likeness, at: now) { _ in }
  }

  /// An answer that grows begins to be sent to it.
  mutating func begins(_ listener: Listener, _ way: Way, likeness: Int, at now: Int) {
    update(listener, way, likeness, at: now) { $0.answers += 1 }
  }

  /// And is over.
  mutating func ends(_ listener: Listener, at now: Int) {
    guard var entry = present[listener] else { return }
    (entry.seenAt, entry.answers) = (now, max(0, entry.answers - 1))
    present[listener] = entry
  }

  /// A connection is closed: who was sent a growing answer by it is gone, who asks now and then may come by another.
  mutating func closes(_ connection: Int) {
    guard let entry = present.removeValue(forKey: .connection(connection)),
      entry.way == .plain || entry.way == .lowLatency
    else { return }
    orphans[entry.likeness, default: []].append(entry)
    orphanCount += 1
  }

  /// How many there are.
  mutating func counts(at now: Int) -> [Way: Int] {
    sweep(at: now)
    var counts = Dictionary(uniqueKeysWithValues: Way.allCases.map { ($0, 0) })
    for entry in present.values { counts[entry.way]! += 1 }
    for entry in orphans.values.joined() { counts[entry.way]! += 1 }
    return counts
  }

  private mutating func update(
    _ listener: Listener, _ way: Way?, _ likeness: Int, at now: Int, _ change: (inout Entry) -> Void
  ) {
    let known = present[listener] ?? orphan(listener, likeness)
    guard var entry = known ?? newcomer(way, likeness, at: now) else { return }
    entry.does(way, at: now, patience: patience)
    change(&entry)
    present[listener] = entry
  }

  private mutating func orphan(_ listener: Listener, _ likeness: Int) -> Entry? {
    guard case .connection = listener, let entry = orphans[likeness]?.popLast() else { return nil }
    if orphans[likeness]!.isEmpty { orphans[likeness] = nil }
    orphanCount -= 1
    return entry
  }

  private mutating func newcomer(_ way: Way?, _ likeness: Int, at now: Int) -> Entry? {
    let isFull = present.count + orphanCount >= capacity
    if now - sweptAt > (isFull ? 1_000_000_000 : patience) { sweep(at: now) }
    guard present.count + orphanCount < capacity else { return nil }
    sessions += 1
    return Entry(likeness: likeness, way: way ?? .plain, wayAt: now, seenAt: now)
  }

  /// Forgets who is gone.
  private mutating func sweep(at now: Int) {
    sweptAt = now
    let patience = patience
    present = present.filter { $0.value.answers > 0 || now - $0.value.seenAt <= patience }
    orphans = orphans.mapValues { $0.filter { now - $0.seenAt <= patience } }.filter { !$0.value.isEmpty }
    orphanCount = orphans.values.reduce(0) { $0 + $1.count }
  }
}
