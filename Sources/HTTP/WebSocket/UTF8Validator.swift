/// Checks text that comes in pieces, and finds the first byte that no valid text can have there (RFC 3629 §4).
struct UTF8Validator {
  /// Continuation bytes that the present character still needs.
  private var needed = 0
  /// The bounds of the next continuation byte.
  private var bounds: ClosedRange<UInt8> = 0x80...0xBF

  /// Whether the text may end here.
  var isAtBoundary: Bool { needed == 0 }

  /// - Returns: whether the bytes so far are valid, or the start of something valid.
  mutating func accepts(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    while position < bytes.count {
      if needed == 0 {
        position = Self.endOfASCII(bytes, from: position)
        guard position < bytes.count else { return true }
        guard begin(bytes[position]) else { return false }
      } else {
        guard bounds.contains(bytes[position]) else { return false }
        needed -= 1
        bounds = 0x80...0xBF
      }
      position += 1
    }
    return true
  }

  /// The position of the first byte that is not ASCII, or the end.
  private static func endOfASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var position = start
    while position + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      guard word & 0x8080_8080_8080_8080 == 0 else { break }
      position += 8
    }
    while position < bytes.count, bytes[position] < 0x80 { position += 1 }
    return position
  }

  /// The first byte of a character that is not ASCII. The bounds of the second byte exclude overlong forms, surrogates, and
  /// characters beyond U+10FFFF.
  private mutating func begin(_ byte: UInt8) -> Bool {
    switch byte {
    case 0xC2...0xDF: (needed, bounds) = (1, 0x80...0xBF)
    case 0xE0: (needed, bounds) = (2, 0xA0...0xBF)
    case 0xED: (needed, bounds) = (2, 0x80...0x9F)
    case 0xE1...0xEF: (needed, bounds) = (2, 0x80...0xBF)
    case 0xF0: (needed, bounds) = (3, 0x90...0xBF)
    case 0xF1...0xF3: (needed, bounds) = (3, 0x80...0xBF)
    case 0xF4: (needed, bounds) = (3, 0x80...0x8F)
    default: return false
    }
    return true
  }
}
