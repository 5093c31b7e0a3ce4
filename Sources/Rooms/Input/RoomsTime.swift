package import Core

/// The moment of an input.
package struct RoomsTime: Equatable, Sendable {
  /// The time since any fixed moment. It never goes back. All spans are measured with it.
  package let monotonic: Duration
  /// The date, for what people see and for the end of invites.
  package let wall: WallTime

  package init(monotonic: Duration, wall: WallTime) {
    self.monotonic = monotonic
    self.wall = wall
  }
}
