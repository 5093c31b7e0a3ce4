import CEpoll
import Glibc
import Synchronization
import System

/// The messages of other threads to a loop. A message wakes the loop; messages that come while the loop is busy are
/// merged, and cost one run.
final class Mailbox: Sendable {
  struct Messages: Sendable {
    /// The channels whose growing answers have grown.
    var grown: Set<Int> = []
    /// The channels of which only listeners that want every frame are sent on.
    var everyFrame: Set<Int> = []
    /// Held requests are asked again.
    var wake = false
    /// The channels whose held requests are asked again.
    var woken: Set<Int> = []
    /// The loop takes connections from now on.
    var start = false
    var stop = false
    /// Connections that another loop accepted for this one.
    var newcomers: [Newcomer] = []
    /// The keys of connections that have something to send.
    var ready: [UInt64] = []
    /// Functions to call on the loop's thread.
    var calls: [@Sendable () -> Void] = []
  }

  /// Readable while there are messages (eventfd(2)).
  let descriptor: Int32
  private let messages = Mutex(Messages())
  private let isWaiting = Atomic(false)

  init() throws(SystemError) {
    let flags = Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)
    descriptor = try SystemError.check("eventfd", eventfd(0, flags))
  }

  deinit {
    close(descriptor)
  }

  /// Whether there are messages. Costs a load.
  var hasMessages: Bool { isWaiting.load(ordering: .acquiring) }

  /// Adds a message, on any thread; returns at once.
  func post(_ change: (inout Messages) -> Void) {
    let isFirst = messages.withLock { messages in
      change(&messages)
      return !isWaiting.exchange(true, ordering: .acquiringAndReleasing)
    }
    if isFirst { eventfd_write(descriptor, 1) }
  }

  /// Takes all messages. Called by the loop.
  func take() -> Messages {
    messages.withLock { messages in
      if isWaiting.exchange(false, ordering: .acquiringAndReleasing) {
        var count = eventfd_t()
        eventfd_read(descriptor, &count)
      }
      defer { messages = Messages() }
      return messages
    }
  }
}
