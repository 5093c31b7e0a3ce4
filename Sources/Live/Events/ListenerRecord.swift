import Core

/// The most listeners of the station at the same time, day by day in UTC. Pure.
struct ListenerRecord: Sendable {
  struct Day: Equatable, Sendable {
    /// As RFC 3339 writes a date: `2026-11-30`.
    let date: String
    var listeners: Int
    /// The first moment at which so many listeners were there.
    var time: WallTime

    /// Hour and minute of that moment.
    var clockTime: String { String(time.text.dropFirst(11).prefix(5)) }
  }

  private var day: Day?

  /// Notes the number of listeners that are there now.
  /// - Returns: the day that is over, once, if it had a listener.
  mutating func note(_ listeners: Int, at now: WallTime) -> Day? {
    let date = String(now.text.prefix(10))
    guard let day, day.date == date else {
      let before = day
      day = Day(date: date, listeners: listeners, time: now)
      // A clock that was set back ends no day.
      return before.flatMap { $0.date < date && $0.listeners > 0 ? $0 : nil }
    }
    if listeners > day.listeners { self.day = Day(date: date, listeners: listeners, time: now) }
    return nil
  }
}
