/// Takes content out of the chunked coding (RFC 9112 §7.1). Pure.
///
/// Lines end with CRLF, and with nothing else: two readers that disagree on a line's end read different messages. Chunk
/// extensions and trailers are skipped.
struct ChunkedDecoder {
  enum Piece {
    /// Bytes of content; valid as long as the input.
    case content(UnsafeRawBufferPointer)
    /// The content and its trailers have come.
    case end
    /// The bytes are no chunks. Nothing after them can be read.
    case malformed
  }

  private enum State {
    case size(digits: Int)
    case line, lineFeed
    case data(Int)
    case dataReturn, dataFeed
    case trailer(length: Int), trailerFeed(isEmpty: Bool)
    case finished
  }

  /// The most digits of a chunk's size: with more, the size would not fit 64 bits.
  private static let longestSize = 15
  /// The most bytes of all extensions and trailers. No client of this server has a use for any.
  private static let mostSkipped = 16 << 10

  private var state = State.size(digits: 0)
  private var size = 0
  private var skipped = 0

  /// Takes bytes from the front of `input`.
  /// - Returns: nil if more bytes are needed.
  mutating func next(_ input: inout UnsafeRawBufferPointer) -> Piece? {
    while let byte = input.first {
      if case .data(let rest) = state {
        let count = min(rest, input.count)
        defer { input.drop(count) }
        state = count == rest ? .dataReturn : .data(rest - count)
        return .content(UnsafeRawBufferPointer(rebasing: input[..<count]))
      }
      input.drop(1)
      guard let next = step(byte) else { return .malformed }
      state = next
      if case .finished = state { return .end }
    }
    return nil
  }

  private mutating func step(_ byte: UInt8) -> State? {
    switch state {
    case .size(let digits):
      if let digit = byte.hexadecimalValue {
        guard digits < Self.longestSize else { return nil }
        size = size << 4 | Int(digit)
        return .size(digits: digits + 1)
      }
      guard digits > 0 else { return nil }
      switch byte {
      case 13: return .lineFeed
      case UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\t"): return .line
      default: return nil
      }
    case .line:
      skipped += 1
      guard byte != 10, byte != 0, skipped <= Self.mostSkipped else { return nil }
      return byte == 13 ? .lineFeed : .line
    case .lineFeed:
      guard byte == 10 else { return nil }
      defer { size = 0 }
      return size > 0 ? .data(size) : .trailer(length: 0)
    case .dataReturn: return byte == 13 ? .dataFeed : nil
    case .dataFeed: return byte == 10 ? .size(digits: 0) : nil
    case .trailer(let length):
      skipped += 1
      guard byte != 10, byte != 0, skipped <= Self.mostSkipped else { return nil }
      return byte == 13 ? .trailerFeed(isEmpty: length == 0) : .trailer(length: length + 1)
    case .trailerFeed(let isEmpty):
      guard byte == 10 else { return nil }
      return isEmpty ? .finished : .trailer(length: 0)
    case .data, .finished: return nil
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Takes bytes off the front.
  mutating func drop(_ count: Int) {
    self = UnsafeRawBufferPointer(rebasing: self[count...])
  }
}
