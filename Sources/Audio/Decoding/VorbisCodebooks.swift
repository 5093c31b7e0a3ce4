/// The codebooks of a setup header (Vorbis I specification, §3.2.1). A header of a few hundred bytes can name books that
/// take gigabytes, and libvorbis allocates them. Pure.
struct VorbisCodebooks {
  /// The most numbers of one book, and of all books: dimensions times entries.
  static let most = (book: 1 << 18, sum: 1 << 21)

  private var bits: LowBits

  /// Whether a setup header is read to the end of its codebooks, and each is within the bounds.
  static func areSmall(in header: [UInt8]) -> Bool {
    guard header.starts(with: [5] + Array("vorbis".utf8)) else { return false }
    var books = VorbisCodebooks(bits: LowBits(header[7...]))
    guard let count = books.bits.take(8) else { return false }
    var sum = 0
    for _ in 0...count {
      guard let size = books.takeBook() else { return false }
      sum += size
      guard size <= most.book, sum <= most.sum else { return false }
    }
    return true
  }

  /// - Returns: the dimensions times the entries; nil for a book that is invalid or too large.
  private mutating func takeBook() -> Int? {
    guard bits.take(24) == 0x564342, let dimensions = bits.take(16), let entries = bits.take(24),
      dimensions * entries <= Self.most.book, takeLengths(entries), let kind = bits.take(4)
    else { return nil }
    if kind == 0 { return dimensions * entries }
    guard kind <= 2, dimensions > 0, bits.skip(64), let width = bits.take(4), bits.skip(1) else { return nil }
    let values = kind == 1 ? Self.root(of: entries, degree: dimensions) : dimensions * entries
    return bits.skip(values * (width + 1)) ? dimensions * entries : nil
  }

  private mutating func takeLengths(_ entries: Int) -> Bool {
    guard let isOrdered = bits.take(1) else { return false }
    if isOrdered == 1 {
      guard bits.skip(5) else { return false }
      var known = 0
      while known < entries {
        let left = entries - known
        guard let number = bits.take(Int.bitWidth - left.leadingZeroBitCount), number <= left else { return false }
        known += number
      }
      return true
    }
    guard let isSparse = bits.take(1) else { return false }
    if isSparse == 0 { return bits.skip(entries * 5) }
    for _ in 0..<entries {
      guard let isUsed = bits.take(1), isUsed == 0 || bits.skip(5) else { return false }
    }
    return true
  }

  /// The greatest number whose power of this degree is at most `number` (§9.2.3).
  private static func root(of number: Int, degree: Int) -> Int {
    var root = 0
    while power(root + 1, degree, atMost: number) { root += 1 }
    return root
  }

  private static func power(_ base: Int, _ degree: Int, atMost most: Int) -> Bool {
    if base == 1 { return most >= 1 }
    var product = 1
    for _ in 0..<degree {
      product *= base
      if product > most { return false }
    }
    return true
  }
}

/// Numbers of bits, the low ones first (Vorbis I specification, §2.1).
private struct LowBits {
  private let bytes: ArraySlice<UInt8>
  private var place = 0

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  /// - Parameter count: at most 24.
  /// - Returns: nil behind the end.
  mutating func take(_ count: Int) -> Int? {
    guard place + count <= bytes.count * 8 else { return nil }
    var value = 0
    for index in 0..<count {
      let byte = bytes[bytes.startIndex + (place + index) / 8]
      value |= Int(byte >> UInt8((place + index) % 8) & 1) << index
    }
    place += count
    return value
  }

  /// - Returns: whether there are as many bits.
  mutating func skip(_ count: Int) -> Bool {
    guard place + count <= bytes.count * 8 else { return false }
    place += count
    return true
  }
}
