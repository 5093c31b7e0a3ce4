/// The connections that have said nothing yet, in the order in which their patience ends.
struct WaitingConnections: Equatable, Sendable {
  private var queue: [(connection: ConnectionID, end: Duration)] = []
  /// The entries before this index are done.
  private var first = 0

  static func == (left: WaitingConnections, right: WaitingConnections) -> Bool {
    left.queue[left.first...].elementsEqual(right.queue[right.first...], by: ==)
  }

  /// Each end is not before the end of the connection before.
  mutating func append(_ connection: ConnectionID, until end: Duration) {
    queue.append((connection, end))
  }

  /// The next end. Connections that wait no longer are dropped.
  mutating func next(isWaiting: (ConnectionID) -> Bool) -> (connection: ConnectionID, end: Duration)? {
    while first < queue.count, !isWaiting(queue[first].connection) { drop() }
    return first < queue.count ? queue[first] : nil
  }

  private mutating func drop() {
    first += 1
    guard first > 64, first * 2 > queue.count else { return }
    queue.removeFirst(first)
    first = 0
  }
}
