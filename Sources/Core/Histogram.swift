/// Counts values by size.
package struct Histogram: Equatable, Sendable {
  /// The upper bounds of the buckets, which include them, in ascending order; the last bucket has none.
  package let bounds: [Double]
  /// A bucket each.
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
