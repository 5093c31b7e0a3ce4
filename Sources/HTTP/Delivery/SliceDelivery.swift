/// The progress of one client in content that lies in memory. Pure: the caller does the sending.
struct SliceDelivery {
  private let slices: [Bytes.Slice]
  /// The slice that is being sent, and the bytes of that slice that are sent.
  private var index = 0
  private var taken = 0
  /// Bytes of content that the client has taken.
  private(set) var sent = 0

  init(of slices: [Bytes.Slice]) {
    self.slices = slices
  }

  /// The client has taken the next `count` bytes, which were sent without `sendPending`.
  mutating func took(_ count: Int) {
    sent += count
    taken += count
    while index < slices.count, taken >= slices[index].range.count {
      taken -= slices[index].range.count
      index += 1
    }
  }

  /// - Parameter most: bytes that are sent at a time, so that one client of a long content does not hold up the other clients
  ///   of a thread.
  /// - Returns: `wait` if the client takes no more, or if `most` bytes are sent and more are left.
  mutating func sendPending(atMost most: Int = .max, _ send: Delivery.Send) -> Delivery.Verdict {
    var room = most
    while index < slices.count {
      let (slice, isLast) = (slices[index], index + 1 == slices.count)
      let rest = slice.range.count - taken
      let wanted = min(rest, room)
      guard wanted > 0 || rest == 0 else { return .wait }
      let count = slice.bytes.withUnsafeBytes { bytes -> Int? in
        let piece = UnsafeRawBufferPointer(rebasing: bytes[slice.range].dropFirst(taken).prefix(wanted))
        return piece.isEmpty ? 0 : send(piece, !isLast || wanted < rest)
      }
      guard let count else { return .broken }
      sent += count
      taken += count
      room -= count
      guard taken == slice.range.count else { return .wait }
      (index, taken) = (index + 1, 0)
    }
    return .complete
  }
}
