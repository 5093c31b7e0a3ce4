/// Blocks of bytes inserted into a content at regular intervals, which both ends count.
package struct Inserts: Sendable {
  /// Bytes of the content from one block to the next, and before the first block.
  let interval: Int
  /// The bytes that replace a block equal to the one before.
  let same: [UInt8]
  /// The block for an offset in the content, in bytes; never empty.
  let block: @Sendable (_ offset: Int) -> [UInt8]

  package init(every interval: Int, same: [UInt8], block: @escaping @Sendable (_ offset: Int) -> [UInt8]) {
    self.interval = interval
    self.same = same
    self.block = block
  }
}

/// Places the blocks for one reader. Pure.
struct Interleaver {
  private let inserts: Inserts?
  /// Bytes of the content before the next block.
  private(set) var room: Int
  /// The rest of the current block, still to be sent.
  private(set) var block: ArraySlice<UInt8> = []
  private var last: [UInt8] = []

  init(_ inserts: Inserts?) {
    self.inserts = inserts
    room = inserts?.interval ?? .max
  }

  /// The client has taken `count` bytes of the content, at most `room`, up to `offset` in the content.
  mutating func took(_ count: Int, to offset: Int) {
    guard let inserts else { return }
    room -= count
    guard room == 0 else { return }
    let next = inserts.block(offset)
    block = (next == last ? inserts.same : next)[...]
    last = next
    room = inserts.interval
  }

  /// The client has taken `count` bytes of the block.
  mutating func tookBlock(_ count: Int) {
    block = block.dropFirst(count)
  }
}
