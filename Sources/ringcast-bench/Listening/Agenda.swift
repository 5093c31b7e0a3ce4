import System

/// Listeners by the time of their next call: a binary heap, the earliest first.
struct Agenda {
  private var heap: [(time: MonotonicTime, number: Int)] = []

  /// Nil if no listener waits.
  var earliest: MonotonicTime? { heap.first?.time }

  mutating func add(_ number: Int, at time: MonotonicTime) {
    heap.append((time, number))
    var child = heap.count - 1
    while child > 0, heap[child].time < heap[(child - 1) / 2].time {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the first listener whose time has come.
  mutating func pop(now: MonotonicTime) -> Int? {
    guard let first = heap.first, first.time <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      let children = (2 * parent + 1..<2 * parent + 3).clamped(to: 0..<heap.count)
      guard let least = children.min(by: { heap[$0].time < heap[$1].time }), heap[least].time < heap[parent].time else {
        return first.number
      }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
