import System

/// The kinds of event that the listeners of a stream wait for.
struct PublishEvents: OptionSet, Sendable {
  let rawValue: UInt8

  /// Growing bodies have grown, or come to their end.
  static let growth = PublishEvents(rawValue: 1)
  /// There is a new edition.
  static let edition = PublishEvents(rawValue: 2)
  /// Growing bodies have grown by less than a chunk: only listeners that want each frame are sent it.
  static let everyFrame = PublishEvents(rawValue: 4)
  /// There is a new picture, or no further one comes.
  static let picture = PublishEvents(rawValue: 8)
}

/// Tells the servers about the events of the streams, on a thread of its own, because thousands of listeners may wait.
/// Events posted during a round cause one more round. Without events there is a round over all streams once a second, so
/// that held requests can time out.
final class PublishNotifier: Sendable {
  private static let longestWait = Duration.seconds(1)

  /// The inbox holds the events since the last round, by stream.
  private let worker: Worker<[PublishEvents]>

  /// - Parameter tell: gets the events of a round, by stream, in the order of the streams.
  init(streams: Int, _ tell: @escaping @Sendable ([PublishEvents]) -> Void) {
    worker = Worker(name: "wake", inbox: Array(repeating: [], count: streams))
    worker.start(with: (), first: .untilPostOr(Self.longestWait)) { _, events in
      let hasEvents = events.contains { !$0.isEmpty }
      tell(hasEvents ? events : events.map { _ in [.growth, .edition] })
      return .untilPostOr(Self.longestWait)
    }
  }

  /// Adds events of a stream to the next round; returns at once.
  /// - Parameter stream: its index.
  func post(_ events: PublishEvents, of stream: Int) {
    worker.post { $0[stream].formUnion(events) }
  }

  /// Ends the thread, and returns when it has ended.
  func stop() {
    worker.stop(within: nil)
  }
}
