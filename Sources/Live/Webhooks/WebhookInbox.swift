import System

/// The events that were told since the thread has looked last. Pure.
struct WebhookInbox: Sendable {
  private(set) var entries: [WebhookQueue.Entry] = []
  /// Events that gave way to newer ones.
  private(set) var dropped = 0

  mutating func add(_ event: StationEvent, at now: MonotonicTime) {
    if entries.count == WebhookQueue.capacity {
      entries.removeFirst()
      dropped += 1
    }
    entries.append(WebhookQueue.Entry(event: event, since: now))
  }
}
