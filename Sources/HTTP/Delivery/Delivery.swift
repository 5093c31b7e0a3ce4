/// The progress of one listener in a growing body that is sent in chunks. Pure: the caller does the sending.
struct Delivery {
  /// Sends bytes and returns the number taken; nil if the listener is gone. With `more`, more bytes or the end of the
  /// answer follow at once.
  typealias Send = (_ bytes: UnsafeRawBufferPointer, _ more: Bool) -> Int?

  enum Verdict: Equatable {
    /// Call again when the body has grown or the listener takes more.
    case wait
    /// Everything is sent, and the body is finished.
    case complete
    /// The listener is gone.
    case broken
    /// The listener is too far behind.
    case late
  }

  private let body: GrowingBody
  /// The place behind the last byte that the listener wants.
  private let to: Int
  /// The end of the bytes that were sent or are in `chunk`.
  private var position: Int
  /// The chunk that is not sent completely, and the bytes of it that are.
  private var chunk: Chunk?
  private var taken = 0
  /// Bytes of the body that the listener has taken.
  private(set) var sent = 0

  /// - Parameters:
  ///   - position: the bytes before it have been sent already.
  ///   - end: the place behind the last byte that the listener wants.
  init(of body: GrowingBody, from position: Int, to end: Int = .max) {
    self.body = body
    self.position = position
    to = end
  }

  /// Sends the bytes that were written since the last call.
  /// - Parameters:
  ///   - latest: the chunk that was made last for any listener. Most listeners need the same one, so it is made once.
  ///   - total: the bytes of content that the listener took are added to it.
  mutating func sendPending(latest: inout Chunk?, total: inout Int, send: Send) -> Verdict {
    // In this order: bytes appended before the end are seen with the end.
    let isFinished = body.isFinished
    let end = min(body.count, to)
    let isLastRound = isFinished || end == to
    while let due = chunk ?? next(to: end, latest: &latest) {
      let isLast = isLastRound && due.range.upperBound == end
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
    guard isLastRound else { return .wait }
    // A cache might keep an empty answer that ended properly as the whole content.
    return body.count > 0 ? .complete : .broken
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
