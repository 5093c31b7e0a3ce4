/// Limits the messages of one member, or of a connection that is not yet a member's.
struct FloodGate: Equatable, Sendable {
  enum Verdict {
    case passes
    /// Too many came: the message is dropped, and the sender is told.
    case refused
    /// The sender goes on in spite of the refusals.
    case closes
  }

  /// The refusals within `window` after which the connection is closed, for each message a second that is allowed.
  private static let patience = 5
  private static let window = Duration.seconds(10)

  private var bucket: TokenBucket
  private let most: Int
  private var refusals = 0
  private var windowStart: Duration?

  init(rate: Int) {
    bucket = TokenBucket(rate: rate, burst: rate)
    most = rate * Self.patience
  }

  mutating func message(at now: Duration) -> Verdict {
    if bucket.take(at: now) { return .passes }
    if let start = windowStart, now - start < Self.window {
      refusals += 1
    } else {
      windowStart = now
      refusals = 1
    }
    return refusals > most ? .closes : .refused
  }
}
