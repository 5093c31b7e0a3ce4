import Testing

@testable import ringcast_bench

@Suite struct EventReaderTests {
  private let text = """
    data: {"type":"score","id":7,"sent":123456789,"time":"2026-11-29T23:00:00.000Z"}
    id: 7

    : a comment

    data: {"type":"chat","id":8,"text":"no time"}

    data: {"sent":42}


    """

  private func times(inPiecesOf size: Int) -> [Int] {
    var reader = EventReader()
    var times: [Int] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { reader.read($0) { times.append($0) } }
    }
    return times
  }

  @Test(arguments: [1, 7, 64, 4096]) func `each event with a time is found once, in pieces of any size`(size: Int) {
    #expect(times(inPiecesOf: size) == [123_456_789, 42])
  }
}
