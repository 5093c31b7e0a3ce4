import System

/// The events that wait for one receiver, and the rules about attempts. Pure.
///
/// An event that the receiver does not take is tried again: after one second, then after twice the pause before, up to five
/// minutes. All events wait meanwhile, because they are told in their order. An event that has waited for an hour is given
/// up after its next attempt.
struct WebhookQueue: Sendable {
  struct Entry: Equatable, Sendable {
    let event: StationEvent
    let since: MonotonicTime
  }

  /// Counts since the start.
  struct Figures: Equatable, Sendable {
    /// Events that the receiver has taken.
    var sent = 0
    /// Events that the receiver has refused, or has not taken for an hour.
    var failed = 0
    /// Events that gave way to newer ones, or that the end of the program has cut off.
    var dropped = 0
    /// Events that wait now.
    var waiting = 0

    static func + (left: Figures, right: Figures) -> Figures {
      Figures(
        sent: left.sent + right.sent, failed: left.failed + right.failed, dropped: left.dropped + right.dropped,
        waiting: left.waiting + right.waiting)
    }
  }

  /// News for the log. Each kind comes once in a trouble; a trouble ends when the receiver takes an event.
  enum News: Equatable, Sendable {
    case troubled(String), refused(String), overflow, gaveUp
    /// - Parameter lost: events that were not told in the trouble.
    case well(lost: Int)
  }

  static let capacity = 100
  static let longestWait = Duration.seconds(3600)
  private static let longestPause = Duration.seconds(300)
  /// A receiver may ask for a longer pause than ours.
  private static let longestAskedPause = Duration.seconds(900)

  private var entries: [Entry] = []
  private var counts = Figures()
  /// Attempts in succession that have failed.
  private var failures = 0
  private var isTroubled = false
  private var hasOverflowed = false
  private var hasGivenUp = false
  private var lost = 0

  var figures: Figures {
    var figures = counts
    figures.waiting = entries.count
    return figures
  }

  var next: Entry? { entries.first }

  /// Adds the events of an inbox. The oldest events give way.
  mutating func add(_ inbox: WebhookInbox) -> News? {
    entries += inbox.entries
    let excess = max(0, entries.count - Self.capacity)
    entries.removeFirst(excess)
    return drop(excess + inbox.dropped)
  }

  /// Notes the end of an attempt to tell the first event.
  /// - Returns: the pause before the next attempt, nil for none, and the news for the log.
  mutating func note(_ answer: WebhookAnswer, at now: MonotonicTime) -> (pause: Duration?, news: [News]) {
    let entry = entries[0]
    switch answer {
    case .taken:
      entries.removeFirst()
      counts.sent += 1
      failures = 0
      return (nil, recovered())
    case .refused(let reason):
      entries.removeFirst()
      counts.failed += 1
      lost += 1
      failures = 0
      return (nil, troubled(.refused(reason)))
    case .later(let reason, let asked):
      failures += 1
      let pause = asked.map { max(.seconds(1), min($0, Self.longestAskedPause)) } ?? Self.pause(after: failures)
      var news = troubled(.troubled(reason))
      if now - entry.since >= Self.longestWait {
        entries.removeFirst()
        counts.failed += 1
        lost += 1
        if !hasGivenUp { news.append(.gaveUp) }
        hasGivenUp = true
      }
      return (pause, news)
    }
  }

  /// Drops all events but the last one, because the program ends.
  mutating func keepLast() {
    let count = max(0, entries.count - 1)
    entries.removeFirst(count)
    counts.dropped += count
  }

  /// The pause after so many attempts in succession that have failed.
  static func pause(after failures: Int) -> Duration {
    min(.seconds(1 << min(failures - 1, 20)), longestPause)
  }

  private mutating func drop(_ count: Int) -> News? {
    guard count > 0 else { return nil }
    counts.dropped += count
    lost += count
    defer { hasOverflowed = true }
    return hasOverflowed ? nil : .overflow
  }

  private mutating func troubled(_ news: News) -> [News] {
    defer { isTroubled = true }
    return isTroubled ? [] : [news]
  }

  private mutating func recovered() -> [News] {
    defer { (isTroubled, hasOverflowed, hasGivenUp, lost) = (false, false, false, 0) }
    return isTroubled || lost > 0 ? [.well(lost: lost)] : []
  }
}
