/// Sends one listener what there is, again and again.
protocol Delivering: Sendable {
  /// Sends on what has come since.
  /// - Parameters:
  ///   - latest: the chunk that was made last, for whomever: most are due the same, which is then made but once.
  ///   - total: bytes of content that were taken are added to it.
  ///   - send: sends bytes, and returns how many were taken; nil where the listener is gone. With `more` something
  ///     follows at once, be it the end of the answer.
  mutating func goOn(
    latest: inout Chunk?, total: inout Int, send: (_ bytes: UnsafeRawBufferPointer, _ more: Bool) -> Int?
  ) -> Delivery.Verdict

  /// Bytes of content that were taken.
  var sent: Int { get }
}

/// How far one listener has got in a growing body that is sent to it in chunks, and what becomes of it. Pure: whoever
/// calls it does the sending.
struct Delivery: Delivering {
  enum Verdict: Equatable {
    /// Until the body grows, or the listener takes more.
    case wait
    /// All is sent, and there will be no more.
    case complete
    /// The listener is gone.
    case broken
    /// The listener takes less than comes, and is too far behind.
    case late
  }

  private let body: GrowingBody
  /// Up to where the body was sent, or is in `chunk`.
  private var position: Int
  /// What was not taken whole yet, and how much of it was.
  private var chunk: Chunk?
  private var taken = 0
  /// Bytes of the body that were taken.
  private(set) var sent = 0

  /// - Parameter position: what is before it has been sent.
  init(of body: GrowingBody, from position: Int) {
    (self.body, self.position) = (body, position)
  }

  mutating func goOn(
    latest: inout Chunk?, total: inout Int, send: (_ bytes: UnsafeRawBufferPointer, _ more: Bool) -> Int?
  ) -> Verdict {
    // In this order: what was appended before the end is seen before the end is.
    let isFinished = body.isFinished
    let end = body.count
    while let due = chunk ?? next(to: end, latest: &latest) {
      let isLast = isFinished && due.range.upperBound == end
      guard let count = due.withBytes(from: taken, { send($0, isLast) }) else { return .broken }
      taken += count
      guard taken == due.count else {
        chunk = due
        return .wait
      }
      (chunk, taken) = (nil, 0)
      sent += due.range.count
      total += due.range.count
    }
    guard isFinished else { return .wait }
    // An answer that came to its end with nothing in it might be kept for good as the whole.
    return end > 0 ? .complete : .broken
  }

  private mutating func next(to end: Int, latest: inout Chunk?) -> Chunk? {
    guard position < end else { return nil }
    let range = position..<end
    position = end
    if let latest, latest.range == range, latest.body === body { return latest }
    latest = Chunk(body, range)
    return latest
  }
}
