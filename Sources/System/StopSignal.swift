import Synchronization

/// Asks a source on another thread to end. The source does so within a tenth of a second.
package final class StopSignal: Sendable {
  private let raised = Atomic(false)

  package init() {}

  package func raise() {
    raised.store(true, ordering: .releasing)
  }

  package var isRaised: Bool { raised.load(ordering: .acquiring) }
}
