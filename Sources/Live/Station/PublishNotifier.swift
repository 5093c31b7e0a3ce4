import System

/// The kinds of event that connected clients wait for.
struct PublishEvents: OptionSet, Sendable {
  let rawValue: UInt8

  /// Growing bodies have grown, or have ended.
  static let growth = PublishEvents(rawValue: 1)
  /// There is a new edition.
  static let edition = PublishEvents(rawValue: 2)
  /// Growing bodies have grown by a few frames, which only listeners that want every frame are sent at once.
  static let prompt = PublishEvents(rawValue: 4)
}

/// Tells the servers of events, on a thread of its own, because thousands of clients may wait for them. Events posted
/// during a round cause one more round. Without events a round runs once a second, so that held requests can time out.
final class PublishNotifier: Sendable {
  private static let longestWait = Duration.seconds(1)

  private let worker = Worker<PublishEvents>(name: "wake", inbox: [])

  init(_ tell: @escaping @Sendable (PublishEvents) -> Void) {
    worker.start(with: (), first: .untilPostOr(Self.longestWait)) { _, events in
      tell(events.isEmpty ? [.growth, .edition] : events)
      return .untilPostOr(Self.longestWait)
    }
  }

  /// Adds events to the next round; returns at once.
  func post(_ events: PublishEvents) {
    worker.post { $0.formUnion(events) }
  }

  /// Ends the thread, and returns when it has ended.
  func stop() {
    worker.stop(within: nil)
  }
}
