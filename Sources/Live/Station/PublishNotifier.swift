import Synchronization
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
  /// Milliseconds.
  private static let longestPause = 1000

  private let isPosted = Semaphore()
  /// The events since the last round, a stream each.
  private let pending: Mutex<[PublishEvents]>
  private let stopping = Atomic(false)
  private let stopped = Semaphore()

  /// - Parameter tell: gets the events of a round, a stream each, in the order of the streams.
  init(streams: Int, _ tell: @escaping @Sendable ([PublishEvents]) -> Void) {
    let none = [PublishEvents](repeating: [], count: streams)
    pending = Mutex(none)
    NamedThread(name: "wake") { [self] in
      while !stopping.load(ordering: .acquiring) {
        let hasEvents = isPosted.wait(milliseconds: Self.longestPause)
        let events = pending.withLock { pending in
          defer { pending = none }
          return pending
        }
        tell(hasEvents ? events : none.map { _ in [.growth, .edition] })
      }
      stopped.post()
    }.detach()
  }

  /// Posts events of a stream; returns at once.
  /// - Parameter stream: its index.
  func post(_ events: PublishEvents, of stream: Int) {
    let isFirst = pending.withLock { pending in
      defer { pending[stream].formUnion(events) }
      return pending.allSatisfy(\.isEmpty)
    }
    if isFirst { isPosted.post() }
  }

  /// Ends the thread, and returns when it has ended.
  func stop() {
    stopping.store(true, ordering: .releasing)
    isPosted.post()
    stopped.wait()
  }
}
