import Rooms
import Synchronization

/// The words that no log may show: the tokens that are valid now, and the invites and sessions that the station's key has
/// sealed.
final class SecretWords: Sendable {
  /// Empty until the station has all its tokens; no client is let in before.
  let gates = Mutex<[TokenGate]>([])
  /// Nil where the station has no rooms.
  let inviteKey = Mutex<InviteKey?>(nil)

  func contains(_ word: String) -> Bool {
    if gates.withLock({ $0 }).contains(where: { $0.knows(word) }) { return true }
    guard let key = inviteKey.withLock({ $0 }) else { return false }
    return (try? Invite(word, key)) != nil || MemberSession(word, key) != nil
  }
}
