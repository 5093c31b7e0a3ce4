/// The progress of one client in a growing body whose bytes are sent as they are: to HTTP/1.0, which knows no chunks, and
/// to HTTP/2, which frames them itself. Pure: the caller does the sending.
struct GrowthDelivery {
  private let growth: Growth
  private var position: Int

  init(of growth: Growth) {
    (self.growth, position) = (growth, growth.from)
  }

  /// Bytes of content that the client has taken.
  var sent: Int { position - growth.from }

  mutating func sendPending(_ send: Delivery.Send) -> Delivery.Verdict {
    // In this order: bytes appended before the end are seen with the end.
    let isFinished = growth.body.isFinished
    let end = min(growth.body.count, growth.to)
    while position < end {
      let bytes = growth.body.bytes(from: position, to: end, room: end - position)
      guard let count = send(bytes, isFinished) else { return .broken }
      position += count
      guard count == bytes.count else { return .wait }
    }
    guard isFinished || position >= growth.to else { return .wait }
    // A cache might keep an empty answer that ended properly as the whole content.
    return growth.body.count > 0 ? .complete : .broken
  }
}
