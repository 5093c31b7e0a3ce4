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

  mutating func sendPending(_ send: Delivery.Send) -> Delivery.Verdict {
    while index < slices.count {
      let (slice, isLast) = (slices[index], index + 1 == slices.count)
      let count = slice.bytes.withUnsafeBytes { bytes -> Int? in
        let rest = UnsafeRawBufferPointer(rebasing: bytes[slice.range].dropFirst(taken))
        return rest.isEmpty ? 0 : send(rest, !isLast)
      }
      guard let count else { return .broken }
      sent += count
      taken += count
      guard taken == slice.range.count else { return .wait }
      (index, taken) = (index + 1, 0)
    }
    return .complete
  }
}
