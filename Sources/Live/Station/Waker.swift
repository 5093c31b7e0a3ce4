import Synchronization
import System

/// What has happened, for those who wait.
struct News: OptionSet, Sendable {
  let rawValue: UInt8

  /// Growing bodies have grown, or come to their end.
  static let growth = News(rawValue: 1)
  /// There is a new edition.
  static let edition = News(rawValue: 2)
  /// Growing bodies have grown by so little that it is news only for who wants each frame promptly.
  static let prompt = News(rawValue: 4)
}

/// Tells those who wait for news, on a thread of its own, because there may be thousands of them. News that come while it
/// is at it make one more round; without any it looks after them once a second, so that they can time out.
final class Waker: Sendable {
  private let news = Semaphore()
  private let pending = Atomic<UInt8>(0)
  private let stopping = Atomic(false)
  private let stopped = Semaphore()

  init(_ tell: @escaping @Sendable (News) -> Void) {
    NamedThread(name: "wake") { [self] in
      while !stopping.load(ordering: .acquiring) {
        let hasNews = news.wait(milliseconds: 1000)
        let what = News(rawValue: pending.exchange(0, ordering: .sequentiallyConsistent))
        tell(hasNews ? what : [.growth, .edition])
      }
      stopped.post()
    }.detach()
  }

  /// There is news; returns at once.
  func post(_ what: News) {
    if pending.bitwiseOr(what.rawValue, ordering: .sequentiallyConsistent).oldValue == 0 { news.post() }
  }

  /// Ends the thread, and returns when it has.
  func stop() {
    stopping.store(true, ordering: .releasing)
    news.post()
    stopped.wait()
  }
}
