/// A connection that was accepted, and is given to a loop.
struct Newcomer: Sendable {
  let descriptor: Int32
  let client: Client
  /// Whether the connection is one too many, and its request is answered with 503.
  let isOverLimit: Bool
}

/// A loop of the same server. The server keeps the loops.
struct LoopPeer {
  unowned let loop: Loop
}
