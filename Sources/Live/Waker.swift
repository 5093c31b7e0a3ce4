import Audio
import Synchronization

/// Wakes those who wait for news, on a thread of its own, because there may be thousands of them. News that come while it
/// is at it make one more round; without any it looks after them once a second, so that they can time out.
final class Waker: Sendable {
  private let news = Semaphore()
  private let pending = Atomic(false)
  private let stopping = Atomic(false)
  private let stopped = Semaphore()

  init(_ wake: @escaping @Sendable () -> Void) {
    NamedThread(name: "wake") { [self] in
      while !stopping.load(ordering: .acquiring) {
        news.wait(milliseconds: 1000)
        pending.store(false, ordering: .sequentiallyConsistent)
        wake()
      }
      stopped.post()
    }.detach()
  }

  /// There is news; returns at once.
  func post() {
    if !pending.exchange(true, ordering: .sequentiallyConsistent) { news.post() }
  }

  /// Ends the thread, and returns when it has.
  func stop() {
    stopping.store(true, ordering: .releasing)
    news.post()
    stopped.wait()
  }
}
