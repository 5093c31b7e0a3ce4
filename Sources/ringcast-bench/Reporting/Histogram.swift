import Core

/// Counts durations by whole milliseconds.
struct Histogram {
  private var counts = [Int](repeating: 0, count: 60_000)
  private(set) var total = 0

  mutating func add(_ span: Duration) {
    counts[min(counts.count - 1, span.milliseconds)] += 1
    total += 1
  }

  /// The milliseconds that `percent` of the durations do not exceed; nil without any duration.
  func percentile(_ percent: Int) -> Int? {
    let rank = (total * percent + 99) / 100
    var seen = 0
    for (milliseconds, count) in counts.enumerated() where count > 0 {
      seen += count
      if seen >= max(1, rank) { return milliseconds }
    }
    return nil
  }
}
