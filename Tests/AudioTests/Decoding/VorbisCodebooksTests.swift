import Testing

@testable import Audio

/// The beginning of a setup header, bit by bit.
private struct Header {
  private(set) var bytes: [UInt8] = [5] + Array("vorbis".utf8)
  private var free = 0

  init(books: Int) {
    put(books - 1, 8)
  }

  mutating func put(_ value: Int, _ count: Int) {
    for index in 0..<count {
      if free == 0 { (free, bytes) = (8, bytes + [0]) }
      bytes[bytes.count - 1] |= UInt8(value >> index & 1) << UInt8(8 - free)
      free -= 1
    }
  }

  /// A book without numbers, all of whose words have one length.
  mutating func putBook(dimensions: Int, entries: Int) {
    put(0x564342, 24)
    put(dimensions, 16)
    put(entries, 24)
    put(1, 1)
    put(17, 5)
    put(entries, Int.bitWidth - entries.leadingZeroBitCount)
    put(0, 4)
  }
}

@Suite struct VorbisCodebooksTests {
  @Test func `books within the bounds are taken, and a header that ends within them is not`() {
    var header = Header(books: 2)
    header.putBook(dimensions: 8, entries: 6561)
    header.putBook(dimensions: 1, entries: 100)
    #expect(VorbisCodebooks.areSmall(in: header.bytes))
    #expect(!VorbisCodebooks.areSmall(in: Array(header.bytes.dropLast(1))))
    #expect(!VorbisCodebooks.areSmall(in: []))
  }

  @Test func `a book that is too large is refused`() {
    for (dimensions, isSmall) in [(4, true), (5, false), (65_535, false)] {
      var header = Header(books: 1)
      header.putBook(dimensions: dimensions, entries: 1 << 16)
      #expect(VorbisCodebooks.areSmall(in: header.bytes) == isSmall)
    }
  }

  @Test func `books that are too large together are refused`() {
    for (count, isSmall) in [(8, true), (9, false), (256, false)] {
      var header = Header(books: count)
      for _ in 0..<count { header.putBook(dimensions: 2, entries: 1 << 17) }
      #expect(header.bytes.count < 4000)
      #expect(VorbisCodebooks.areSmall(in: header.bytes) == isSmall)
    }
  }
}
