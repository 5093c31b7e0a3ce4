/// Counts values by size.
struct Histogram: Equatable, Sendable {
  /// The upper bounds of the buckets, which include them, in ascending order; the last bucket has none.
  let bounds: [Double]
  /// A bucket each.
  private(set) var counts: [Int]
  private(set) var sum = 0.0

  init(bounds: [Double]) {
    self.bounds = bounds
    counts = [Int](repeating: 0, count: bounds.count + 1)
  }

  mutating func add(_ value: Double) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
  }
}
