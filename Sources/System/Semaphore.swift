import Core
import Glibc

/// A counting semaphore whose waits may have a bound on the monotonic clock, which sem_timedwait's have not.
///
/// Unchecked: the pointers never change, and what they point to is used under POSIX' own lock.
package final class Semaphore: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let count = UnsafeMutablePointer<Int>.allocate(capacity: 1)

  package init() {
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    count.initialize(to: 0)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
    count.deallocate()
  }

  package func post() {
    pthread_mutex_lock(mutex)
    count.pointee += 1
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Waits for a post, for ever or at most so long.
  /// - Returns: false when the time ran out.
  @discardableResult
  package func wait(milliseconds: Int? = nil) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var deadline = timespec()
    if let milliseconds {
      clock_gettime(CLOCK_MONOTONIC, &deadline)
      let nanoseconds = deadline.tv_nsec + milliseconds * 1_000_000
      deadline.tv_sec += nanoseconds / 1_000_000_000
      deadline.tv_nsec = nanoseconds % 1_000_000_000
    }
    // while, not if: a wait may return without a post.
    while count.pointee == 0 {
      if milliseconds == nil {
        pthread_cond_wait(condition, mutex)
      } else if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT {
        return false
      }
    }
    count.pointee -= 1
    return true
  }

  /// Waits for a post, at most for `timeout`, which counts in whole milliseconds.
  /// - Returns: false when the time ran out.
  @discardableResult
  package func wait(atMost timeout: Duration) -> Bool {
    wait(milliseconds: timeout.milliseconds)
  }
}
