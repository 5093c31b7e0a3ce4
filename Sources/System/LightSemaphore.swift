import Glibc

/// A counting semaphore whose post takes no lock and never waits (sem_post). A thread that must be punctual posts by it.
///
/// Unchecked: the pointer never changes, and POSIX synchronizes the memory behind it.
package final class LightSemaphore: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  package init() {
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  package func post() {
    sem_post(semaphore)
  }

  /// Waits for a post.
  package func wait() {
    // sem_wait(3): EINTR, "The call was interrupted by a signal handler".
    while sem_wait(semaphore) != 0, errno == EINTR {}
  }

  /// Takes a post that is there already.
  /// - Returns: false if there is none.
  @discardableResult
  package func take() -> Bool {
    sem_trywait(semaphore) == 0
  }
}
