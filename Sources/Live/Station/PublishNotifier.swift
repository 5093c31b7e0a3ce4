import Synchronization
import System

/// What has happened, for those who wait.
struct PublishEvents: OptionSet, Sendable {
  let rawValue: UInt8

  /// Growing bodies have grown, or come to their end.
  static let growth = PublishEvents(rawValue: 1)
  /// There is a new edition.
  static let edition = PublishEvents(rawValue: 2)
  /// Growing bodies have grown by so little that it is news only for who wants each frame promptly.
  static let prompt = PublishEvents(rawValue: 4)
}

/// Tells those who wait for news, on a thread of its own, because there may be thousands of them. News that come while it
/// is at it make one more round; without any it looks after them once a second, so that they can time out.
final class PublishNotifier: Sendable {
  private let news = Semaphore()
  private let pending = Atomic<UInt8>(0)
  private let stopping = Atomic(false)
  private let stopped = Semaphore()

  init(_ tell: @escaping @Sendable (PublishEvents) -> Void) {
    NamedThread(name: "wake") { [self] in
      while !stopping.load(ordering: .acquiring) {
        let hasNews = news.wait(milliseconds: 1000)
        let what = PublishEvents(rawValue: pending.exchange(0, ordering: .sequentiallyConsistent))
        tell(hasNews ? what : [.growth, .edition])
      }
      stopped.post()
    }.detach()
  }

  /// There is news; returns at once.
  func post(_ what: PublishEvents) {
    if pending.bitwiseOr(what.rawValue, ordering: .sequentiallyConsistent).oldValue == 0 { news.post() }
  }

  /// Ends the thread, and returns when it has.
  func stop() {
    stopping.store(true, ordering: .releasing)
    news.post()
    stopped.wait()
  }
}
