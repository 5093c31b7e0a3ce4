/// A sort of messages to a client, and the rule for a client that takes them too slowly.
package struct WebSocketMessageKind: Hashable, Sendable {
  package enum Overflow: Hashable, Sendable {
    /// The oldest waiting messages of the kind are dropped: only the newest ones count. Levels are such messages.
    case dropOldest
    /// The client is disconnected: a client must miss no message of the kind. Waiting messages of the kinds that may be
    /// dropped give way first.
    case disconnect
  }

  /// Distinguishes the kinds of one application.
  package let number: Int
  package let overflow: Overflow
  /// The most messages of a kind that may be dropped which wait for one client; nil is as many as the backlog holds. Sound
  /// has such a limit: old sound is worth less than no sound.
  package let mostWaiting: Int?

  /// - Parameter mostWaiting: only for a kind whose oldest messages are dropped; at least 1.
  package init(number: Int, overflow: Overflow, mostWaiting: Int? = nil) {
    precondition(mostWaiting.map { $0 > 0 && overflow == .dropOldest } ?? true, "only such a kind may lose messages")
    (self.number, self.overflow, self.mostWaiting) = (number, overflow, mostWaiting)
  }
}
