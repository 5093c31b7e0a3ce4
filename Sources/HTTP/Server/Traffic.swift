import Synchronization

/// Counts answers, bytes sent, and listeners that fell behind. Bytes are added once a round or an answer, not once a chunk.
///
/// Unchecked: the memory of the counters is used atomically, and freed by `deinit`.
final class Traffic: @unchecked Sendable {
  /// The statuses that can be counted.
  private static let statuses = 100..<600

  private let byStatus: UnsafeMutablePointer<Atomic<Int>>
  private let sum = Atomic(0)
  private let lagging = Atomic(0)

  init() {
    byStatus = .allocate(capacity: Self.statuses.count)
    for index in 0..<Self.statuses.count { (byStatus + index).initialize(to: Atomic(0)) }
  }

  deinit {
    byStatus.deinitialize(count: Self.statuses.count)
    byStatus.deallocate()
  }

  /// The number of answers by status.
  var answers: [Int: Int] {
    var answers: [Int: Int] = [:]
    for status in Self.statuses {
      let count = byStatus[status - Self.statuses.lowerBound].load(ordering: .relaxed)
      if count > 0 { answers[status] = count }
    }
    return answers
  }

  var bytes: Int { sum.load(ordering: .relaxed) }
  /// Listeners that were disconnected because they fell too far behind.
  var late: Int { lagging.load(ordering: .relaxed) }

  func answered(_ status: Int) {
    precondition(Self.statuses.contains(status), "a status has three digits and begins with 1 to 5")
    byStatus[status - Self.statuses.lowerBound].add(1, ordering: .relaxed)
  }

  func sent(_ bytes: Int) {
    if bytes > 0 { sum.add(bytes, ordering: .relaxed) }
  }

  func disconnectedLagging() {
    lagging.add(1, ordering: .relaxed)
  }
}
