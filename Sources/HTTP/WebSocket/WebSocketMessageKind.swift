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

  package init(number: Int, overflow: Overflow) {
    (self.number, self.overflow) = (number, overflow)
  }
}
