import Synchronization

/// Asks a source on another thread to end. The source does so within a tenth of a second.
package final class StopSignal: Sendable {
  private let raised = Atomic(false)
  private let isLast = Atomic(false)

  package init() {}

  /// - Parameter isForGood: whether the source never begins again, as at the end of an input.
  package func raise(isForGood: Bool = false) {
    if isForGood { isLast.store(true, ordering: .releasing) }
    raised.store(true, ordering: .releasing)
  }

  package var isForGood: Bool { isLast.load(ordering: .acquiring) }

  package var isRaised: Bool { raised.load(ordering: .acquiring) }
}
