/// The masking of a client's payload: each byte is combined with a byte of a key of four (RFC 6455 §5.3).
struct WebSocketMask {
  /// The key, with its first byte lowest.
  private let key: UInt64

  /// - Parameters:
  ///   - key: with its first byte lowest.
  ///   - offset: the position in the payload of the first byte that will be unmasked.
  init(key: UInt32, offset: Int) {
    let turn = UInt32(offset & 3) * 8
    let turned = turn == 0 ? key : key >> turn | key << (32 - turn)
    self.key = UInt64(turned) << 32 | UInt64(turned)
  }

  /// Unmasks the bytes in place, eight at a time.
  func unmask(_ bytes: UnsafeMutableRawBufferPointer) {
    var position = 0
    while position + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      bytes.storeBytes(of: word ^ key.littleEndian, toByteOffset: position, as: UInt64.self)
      position += 8
    }
    while position < bytes.count {
      bytes[position] ^= UInt8(truncatingIfNeeded: key >> UInt64((position & 3) * 8))
      position += 1
    }
  }
}
