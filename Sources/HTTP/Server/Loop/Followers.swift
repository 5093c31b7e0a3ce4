/// An answer that is still being written, on its way to one client.
protocol Follower: AnyObject {
  /// Asks the handler again for a held request.
  func askAgain()

  /// The place in the list of followers; nil while the answer is in no list. Only `Followers` changes it.
  var place: Int? { get set }

  /// Sends the bytes that were written since the last call.
  /// - Parameters:
  ///   - latest: the chunk that was made last for any listener. Most listeners need the same one, so it is made once.
  ///   - total: the bytes of content that the listener took are added to it.
  func sendOn(latest: inout Chunk?, total: inout Int)
}

/// The answers of one loop that grow together. A round sends each of them on.
struct Followers<Member: Follower> {
  private var followers: [Member?] = []
  private var gaps = 0

  mutating func add(_ follower: Member) {
    follower.place = followers.count
    followers.append(follower)
  }

  /// May be called during a round.
  mutating func remove(_ follower: Member) {
    guard let place = follower.place else { return }
    follower.place = nil
    followers[place] = nil
    gaps += 1
  }

  var count: Int { followers.count - gaps }

  /// The follower at a place of `indices`.
  subscript(_ place: Int) -> Member? { followers[place] }

  var indices: Range<Int> { followers.indices }

  /// Closes the gaps that `remove` left. Not to be called during a round.
  mutating func compact() {
    guard gaps > 0 else { return }
    var kept = 0
    for place in followers.indices {
      guard let follower = followers[place] else { continue }
      if kept < place {
        followers[kept] = follower
        follower.place = kept
      }
      kept += 1
    }
    followers.removeSubrange(kept...)
    gaps = 0
  }
}
