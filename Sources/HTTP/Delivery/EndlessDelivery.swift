import System

/// The progress of one listener in an endless body. The bytes are sent from the body itself, so that no listener needs a
/// copy. Pure: the caller does the sending.
struct EndlessDelivery {
  private let body: EndlessBody
  private let cutoff: Cutoff?
  private var link: EndlessBody.Link
  /// The ends of the bytes in the body of the link that were sent, and that were offered to the listener.
  private var position, tried: Int
  private var interleaver: Interleaver
  /// The instant since which too many bytes have been waiting.
  private var behindSince: MonotonicTime?
  private let clock: @Sendable () -> MonotonicTime
  private(set) var sent = 0

  /// - Parameter clock: tells the present instant.
  init(_ endless: Endless, clock: @escaping @Sendable () -> MonotonicTime) {
    body = endless.body
    cutoff = endless.cutoff
    link = endless.place.link
    interleaver = Interleaver(endless.inserts)
    self.clock = clock
    position = endless.place.position
    tried = position
  }

  mutating func sendPending(
    latest: inout Chunk?, total: inout Int, send: Delivery.Send
  ) -> Delivery.Verdict {
    let before = sent
    defer { total += sent - before }
    if cutoff?.isCut == true { return .complete }
    while true {
      // In this order: all bytes are there before the successor is, and the successor before the end.
      let isFinished = link.body.isFinished
      let next = body.next(after: link)
      guard let isTaken = sendAll(to: link.body.count, send) else { return .broken }
      guard isTaken else { return isLate() ? .late : .wait }
      behindSince = nil
      guard let next else { return isFinished ? .complete : .wait }
      link = next
      position = next.start
      tried = next.start
    }
  }

  /// Bytes of the content before the next byte to be sent.
  private var offset: Int { link.offset + position - link.start }

  private mutating func isLate() -> Bool {
    behindSince = body.count - offset > body.capacity ? behindSince ?? clock() : nil
    return behindSince.map { clock() - $0 >= body.lagTimeout } ?? false
  }

  /// - Returns: whether the listener took everything; nil if it is gone.
  private mutating func sendAll(
    to end: Int, _ send: (_ bytes: UnsafeRawBufferPointer, _ more: Bool) -> Int?
  ) -> Bool? {
    while true {
      if !interleaver.block.isEmpty {
        guard let count = interleaver.block.withUnsafeBytes({ send($0, false) }) else { return nil }
        interleaver.tookBlock(count)
        sent += count
        guard interleaver.block.isEmpty else { return false }
      }
      // Bytes that were not taken are offered again unchanged: TLS requires that (gnutls_record_send).
      if tried == position { tried += max(0, min(end - position, interleaver.room)) }
      guard position < tried else { return true }
      let bytes = link.body.bytes(from: position, to: tried, room: tried - position)
      // If a block follows at once, the kernel may join it to these bytes.
      guard let count = send(bytes, bytes.count == interleaver.room) else { return nil }
      position += count
      sent += count
      interleaver.took(count, to: offset)
      guard position == tried else { return false }
    }
  }
}
