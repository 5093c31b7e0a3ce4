import Testing

@testable import HTTP

@Suite struct ChunkedDecoderTests {
  /// The content that a decoder finds in pieces of a given size; nil where the bytes are malformed or do not end.
  static func decoded(_ bytes: [UInt8], by size: Int) -> (content: [UInt8], rest: [UInt8])? {
    var (decoder, content) = (ChunkedDecoder(), [UInt8]())
    var start = 0
    while start < bytes.count {
      let end = min(start + size, bytes.count)
      let isOver: Bool? = Array(bytes[start..<end]).withUnsafeBytes { piece in
        var input = piece
        while let next = decoder.next(&input) {
          switch next {
          case .content(let bytes): content += bytes
          case .end:
            start = end - input.count
            return true
          case .malformed: return nil
          }
        }
        return false
      }
      guard let isOver else { return nil }
      if isOver { return (content, Array(bytes[start...])) }
      start = end
    }
    return nil
  }

  @Test(arguments: [
    ("0\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"), ("2\r\nab\r\n003\r\ncde\r\n0\r\n\r\n", "abcde"),
    ("A;name=\"value\"\r\n0123456789\r\n0\r\n\r\n", "0123456789"), ("1 \r\na\r\n0\r\nTrailer: x\r\nY: z\r\n\r\n", "a"),
    ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
  ])
  func `chunks become content, however they are cut up`(chunks: String, content: String) throws {
    let bytes = Array((chunks + "NEXT").utf8)
    for size in 1...bytes.count {
      let found = try #require(Self.decoded(bytes, by: size))
      #expect(String(decoding: found.content, as: UTF8.self) == content)
      #expect(String(decoding: found.rest, as: UTF8.self) == "NEXT")
    }
  }

  @Test(arguments: [
    "\r\n", "x\r\n", "-1\r\n", "0x1\r\n", "1\na\r\n0\r\n\r\n", "1\r\nab\r\n0\r\n\r\n", "1\r\na\n0\r\n\r\n",
    "1\r\r\na\r\n0\r\n\r\n", "1000000000000000\r\n", "1;a\nb\r\na\r\n0\r\n\r\n", "0\r\nA: b\n\r\n", "0\r\n\n",
    "5,5\r\nhello\r\n",
  ])
  func `bytes that are no chunks are refused, however they are cut up`(bytes: String) {
    let bytes = Array(bytes.utf8)
    for size in 1...bytes.count { #expect(Self.decoded(bytes, by: size) == nil) }
  }

  @Test func `extensions and trailers have a limit`() {
    let long = String(repeating: "a", count: 20_000)
    #expect(Self.decoded(Array("1;\(long)\r\na\r\n0\r\n\r\n".utf8), by: 999) == nil)
    #expect(Self.decoded(Array("0\r\nA: \(long)\r\n\r\n".utf8), by: 999) == nil)
    let many = String(repeating: "1;a=b\r\nx\r\n", count: 10_000)
    #expect(Self.decoded(Array("\(many)0\r\n\r\n".utf8), by: 999) == nil)
  }
}
