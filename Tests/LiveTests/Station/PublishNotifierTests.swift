import Synchronization
import System
import Testing

@testable import Live

@Suite struct PublishNotifierTests {
  @Test func `an event reaches the round with its stream, and leaves the other streams alone`() {
    let seen = Mutex<[[PublishEvents]]>([])
    let round = Semaphore()
    let notifier = PublishNotifier(streams: 3) { events in
      seen.withLock { $0.append(events) }
      round.post()
    }
    notifier.post(.growth, of: 1)
    // Without events there is a round over all streams now and then.
    while !seen.withLock({ $0.contains([[], .growth, []]) }) { round.wait() }
    notifier.stop()
  }
}
