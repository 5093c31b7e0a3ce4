import System

/// The changes of a stream that its listeners may wait for.
struct PublishEvents: OptionSet, Sendable {
  let rawValue: UInt8

  /// Growing bodies have grown, or come to their end.
  static let growth = PublishEvents(rawValue: 1)
  /// There is a new edition.
  static let edition = PublishEvents(rawValue: 2)
  /// Growing bodies have grown by less than a chunk: only listeners that want each frame are sent it.
  static let everyFrame = PublishEvents(rawValue: 4)
}

/// Tells the servers about the events of the streams, on a thread of its own, because thousands of listeners may wait.
/// Events posted during a round cause one more round. Without events there is a round over all streams once a second, so
/// that held requests can time out.
final class PublishNotifier: Sendable {
  private static let longestWait = Duration.seconds(1)

  /// The events since the last round, a stream each.
  private let worker: Worker<[PublishEvents]>

  /// - Parameter tell: gets the events of a round, a stream each, in the order of the streams.
  init(streams: Int, _ tell: @escaping @Sendable ([PublishEvents]) -> Void) {
    worker = Worker(name: "wake", inbox: [PublishEvents](repeating: [], count: streams))
    worker.start(with: (), first: .untilPostOr(Self.longestWait)) { _, events in
      tell(events.allSatisfy(\.isEmpty) ? events.map { _ in [.growth, .edition] } : events)
      return .untilPostOr(Self.longestWait)
    }
  }

  /// Posts events of a stream; returns at once.
  /// - Parameter stream: its index.
  func post(_ events: PublishEvents, of stream: Int) {
    worker.post { $0[stream].formUnion(events) }
  }

  /// Ends the thread, and returns when it has ended.
  func stop() {
    worker.stop(within: nil)
  }
}
