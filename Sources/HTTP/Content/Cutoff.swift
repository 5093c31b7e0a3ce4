import Synchronization

/// Ends one answer with an endless body before the body ends. Any thread may cut; the answer ends when its channel is sent
/// on the next time (`Server.sendOn(channel:)`).
package final class Cutoff: Sendable {
  private let isDone = Atomic(false)

  package init() {}

  package func cut() { isDone.store(true, ordering: .relaxed) }

  var isCut: Bool { isDone.load(ordering: .relaxed) }
}
