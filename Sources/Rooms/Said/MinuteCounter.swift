/// Counts the events of the last minute, to six seconds.
struct MinuteCounter: Equatable, Sendable {
  private static let slots = 10
  private static let slotSeconds = 6

  private var counts = [Int](repeating: 0, count: slots)
  private var newest = 0

  mutating func add(at now: Duration) {
    let slot = Self.slot(now)
    if slot > newest {
      for passed in 1...min(slot - newest, Self.slots) { counts[(newest + passed) % Self.slots] = 0 }
      // A long silence leaves nothing of the old counts, wherever the slots begin.
      if slot - newest >= Self.slots { counts = [Int](repeating: 0, count: Self.slots) }
      newest = slot
    }
    counts[slot % Self.slots] += 1
  }

  func count(at now: Duration) -> Int {
    let age = max(0, Self.slot(now) - newest)
    guard age < Self.slots else { return 0 }
    return (0..<(Self.slots - age)).reduce(0) { $0 + counts[((newest - $1) % Self.slots + Self.slots) % Self.slots] }
  }

  private static func slot(_ now: Duration) -> Int { max(0, Int(now.components.seconds)) / slotSeconds }
}
