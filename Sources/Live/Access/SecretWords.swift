import Synchronization

/// The words that no log may show: the tokens that are valid now.
final class SecretWords: Sendable {
  /// Empty until the station has all its tokens; no client is let in before.
  let gates = Mutex<[TokenGate]>([])

  func contains(_ word: String) -> Bool {
    gates.withLock { $0 }.contains { $0.knows(word) }
  }
}
