import Synchronization

/// Counts what is answered and sent, and who did not take it. Bytes are added by the round or the answer, not by the chunk.
final class Traffic: Sendable {
  private let byStatus = Mutex<[Int: Int]>([:])
  private let sum = Atomic(0)
  private let dropped = Atomic(0)

  var answers: [Int: Int] { byStatus.withLock { $0 } }
  var bytes: Int { sum.load(ordering: .relaxed) }
  /// Listeners that were given up because they took less than came.
  var late: Int { dropped.load(ordering: .relaxed) }

  func answered(_ status: Int) {
    byStatus.withLock { $0[status, default: 0] += 1 }
  }

  func sent(_ bytes: Int) {
    if bytes > 0 { sum.wrappingAdd(bytes, ordering: .relaxed) }
  }

  func gaveUp() {
    dropped.wrappingAdd(1, ordering: .relaxed)
  }
}
