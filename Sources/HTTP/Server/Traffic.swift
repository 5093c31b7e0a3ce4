import Synchronization

/// Counts answers, bytes sent, and listeners that fell behind. Bytes are added once a round or an answer, not once a chunk.
final class Traffic: Sendable {
  private let byStatus = Mutex<[Int: Int]>([:])
  private let sum = Atomic(0)
  private let lagging = Atomic(0)

  var answers: [Int: Int] { byStatus.withLock { $0 } }
  var bytes: Int { sum.load(ordering: .relaxed) }
  /// Listeners that were disconnected because they fell too far behind.
  var late: Int { lagging.load(ordering: .relaxed) }

  func answered(_ status: Int) {
    byStatus.withLock { $0[status, default: 0] += 1 }
  }

  func sent(_ bytes: Int) {
    if bytes > 0 { sum.wrappingAdd(bytes, ordering: .relaxed) }
  }

  func disconnectedLagging() {
    lagging.wrappingAdd(1, ordering: .relaxed)
  }
}
