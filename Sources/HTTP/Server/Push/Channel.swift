/// The followers of one group of answers that grow together: those of one stream.
final class Channel: Sendable {
  let followers: Followers<Delivery>
  /// The followers that are sent on with each round.
  let everyFrameFollowers: Followers<Delivery>
  let endlessFollowers: Followers<EndlessDelivery>

  /// - Parameter onLate: called for each follower that is disconnected because it fell behind.
  init(counting traffic: Traffic, onLate: @escaping @Sendable () -> Void) {
    followers = Followers(counting: traffic, onLate: onLate)
    everyFrameFollowers = Followers(counting: traffic, onLate: onLate)
    endlessFollowers = Followers(counting: traffic, onLate: onLate)
  }

  /// Lets all followers go; nobody follows any more.
  func close() {
    followers.close()
    everyFrameFollowers.close()
    endlessFollowers.close()
  }
}
