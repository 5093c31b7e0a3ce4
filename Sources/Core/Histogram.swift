/// Counts values by their size.
package struct Histogram: Equatable, Sendable {
  /// The inclusive upper bounds of the buckets, in ascending order. One more bucket has no bound.
  package let bounds: [Double]
  /// One count a bucket.
  package private(set) var counts: [Int]
  package private(set) var sum = 0.0

  package init(bounds: [Double]) {
    self.bounds = bounds
    counts = [Int](repeating: 0, count: bounds.count + 1)
  }

  package mutating func add(_ value: Double) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
  }
}
