/// Values without doubles, the newest last. Where there are too many, the oldest goes.
struct RecentList<Value: Equatable & Sendable>: Equatable, Sendable {
  /// At most `RoomsLimits.bans`.
  private(set) var values: [Value] = []

  init(_ values: [Value] = []) {
    for value in values { add(value) }
  }

  var isEmpty: Bool { values.isEmpty }

  func contains(_ value: Value) -> Bool { values.contains(value) }

  mutating func add(_ value: Value) {
    guard !values.contains(value) else { return }
    if values.count == RoomsLimits.bans { values.removeFirst() }
    values.append(value)
  }

  mutating func remove(_ value: Value) { values.removeAll { $0 == value } }
}
