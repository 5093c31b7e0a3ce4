/// How far one listener has got in an endless body, and what becomes of it. It is sent the bytes as they lie there, so
/// that no listener needs a copy. Pure: whoever calls it does the sending.
struct EndlessDelivery: Delivering {
  private let body: EndlessBody
  private var link: EndlessBody.Link
  /// Up to where the link's body was sent, and was tried to be sent.
  private var position, tried: Int
  private var interleaver: Interleaver
  /// Since when more waits for it than may.
  private var behind: Int?
  private let clock: @Sendable () -> Int
  private(set) var sent = 0

  /// - Parameter clock: in nanoseconds.
  init(_ endless: Endless, clock: @escaping @Sendable () -> Int) {
    (body, link, interleaver) = (endless.body, endless.place.link, Interleaver(endless.inserts))
    self.clock = clock
    (position, tried) = (endless.place.position, endless.place.position)
  }

  mutating func goOn(
    latest: inout Chunk?, total: inout Int, send: (_ bytes: UnsafeRawBufferPointer, _ more: Bool) -> Int?
  ) -> Delivery.Verdict {
    let before = sent
    defer { total += sent - before }
    while true {
      // In this order: there is a successor before the end is, and all bytes are there before either.
      let isFinished = link.body.isFinished
      let next = link.next
      guard let isTaken = sendOn(to: link.body.count, send) else { return .broken }
      guard isTaken else { return isLate() ? .late : .wait }
      behind = nil
      guard let next else { return isFinished ? .complete : .wait }
      (link, position, tried) = (next, next.start, next.start)
    }
  }

  /// Bytes of the content before what is to be sent next.
  private var offset: Int { link.offset + position - link.start }

  private mutating func isLate() -> Bool {
    behind = body.count - offset > body.capacity ? behind ?? clock() : nil
    return behind.map { clock() - $0 >= body.patience } ?? false
  }

  /// - Returns: whether all was taken; nil where the listener is gone.
  private mutating func sendOn(
    to end: Int, _ send: (_ bytes: UnsafeRawBufferPointer, _ more: Bool) -> Int?
  ) -> Bool? {
    while true {
      if !interleaver.block.isEmpty {
        guard let count = interleaver.block.withUnsafeBytes({ send($0, false) }) else { return nil }
        interleaver.tookBlock(count)
        sent += count
        guard interleaver.block.isEmpty else { return false }
      }
      // What was not taken is tried again as it was: with TLS it must be (gnutls_record_send).
      if tried == position { tried += max(0, min(end - position, interleaver.room)) }
      guard position < tried else { return true }
      let bytes = link.body.bytes(from: position, to: tried, room: tried - position)
      // A block that follows at once need not go alone.
      guard let count = send(bytes, bytes.count == interleaver.room) else { return nil }
      position += count
      sent += count
      interleaver.took(count, to: offset)
      guard position == tried else { return false }
    }
  }
}
