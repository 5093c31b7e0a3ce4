import Testing

@testable import HTTP

@Suite struct ChunkTests {
  /// RFC 9112 §7.1: chunk-size is "a string of hex digits indicating the size of the chunk-data in octets".
  @Test(arguments: [(0..<1, "1\r\na\r\n"), (1..<3, "2\r\nbc\r\n"), (0..<26, "1A\r\nabcdefghijklmnopqrstuvwxyz\r\n")])
  func `a chunk is its size, its data and a line end`(range: Range<Int>, expected: String) {
    let body = GrowingBody(capacity: 26)
    body.append(Array("abcdefghijklmnopqrstuvwxyz".utf8)[...])
    let chunk = Chunk(body, range)
    #expect(chunk.count == expected.utf8.count)
    for start in 0...chunk.count {
      #expect(chunk.withBytes(from: start) { Array($0) } == Array(expected.utf8.dropFirst(start)))
    }
  }
}
