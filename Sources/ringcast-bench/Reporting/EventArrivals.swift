import System

/// The arrivals of the events of a room at all its readers.
struct EventArrivals {
  /// The times from the sending of an event to its arrivals.
  struct Event: Equatable {
    /// Readers that have received the event.
    let readers: Int
    let first: Duration
    let median: Duration
    let last: Duration
  }

  /// The times of each event, by the instant of its sending.
  private var delays: [Int: [Duration]] = [:]

  /// - Parameter sent: nanoseconds of the monotonic clock.
  mutating func note(sent: Int, arrived: MonotonicTime) {
    delays[sent, default: []].append(arrived - MonotonicTime(nanoseconds: sent))
  }

  /// In the order of their sending.
  var events: [Event] {
    delays.sorted { $0.key < $1.key }.map { _, delays in
      let sorted = delays.sorted()
      return Event(
        readers: sorted.count, first: sorted[0], median: sorted[sorted.count / 2], last: sorted[sorted.count - 1])
    }
  }
}
