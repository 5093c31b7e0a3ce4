/// Blocks of bytes that stand between those of a content, at places that both ends count.
package struct Inserts: Sendable {
  /// Bytes of the content from one block to the next, and before the first.
  let interval: Int
  /// What stands for a block that is the same as the last one.
  let same: [UInt8]
  /// The block for a place in the content, in bytes from its beginning; it is never empty.
  let block: @Sendable (_ offset: Int) -> [UInt8]

  package init(every interval: Int, same: [UInt8], block: @escaping @Sendable (_ offset: Int) -> [UInt8]) {
    (self.interval, self.same, self.block) = (interval, same, block)
  }
}

/// What is put between the bytes for one reader, and where. Pure.
struct Interleaver {
  private let inserts: Inserts?
  /// Bytes of the content before the next block.
  private(set) var room: Int
  /// What is left to be sent of the block at hand.
  private(set) var block: ArraySlice<UInt8> = []
  private var last: [UInt8] = []

  init(_ inserts: Inserts?) {
    self.inserts = inserts
    room = inserts?.interval ?? .max
  }

  /// So many bytes of the content were taken, `room` at most, up to that place in it.
  mutating func took(_ count: Int, to offset: Int) {
    guard let inserts else { return }
    room -= count
    guard room == 0 else { return }
    let next = inserts.block(offset)
    block = (next == last ? inserts.same : next)[...]
    last = next
    room = inserts.interval
  }

  /// So many bytes of the block were taken.
  mutating func tookBlock(_ count: Int) {
    block = block.dropFirst(count)
  }
}
