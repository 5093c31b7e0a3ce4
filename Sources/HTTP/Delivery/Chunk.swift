/// A piece of a growing body in the chunked coding, framed once for all listeners. Immutable.
///
/// RFC 9112 §7.1: chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
final class Chunk: Sendable {
  let body: GrowingBody
  /// The bytes of the body; never empty, because an empty chunk ends the content.
  let range: Range<Int>
  /// The size line, the data and a line end.
  private let memory: [UInt8]

  init(_ body: GrowingBody, _ range: Range<Int>) {
    precondition(!range.isEmpty && range.upperBound <= body.count, "a chunk holds bytes that are there")
    self.body = body
    self.range = range
    let data = body.bytes(from: range.lowerBound, to: range.upperBound, room: range.count)
    memory = Array(String(range.count, radix: 16, uppercase: true).utf8) + [13, 10] + data + [13, 10]
  }

  var count: Int { memory.count }

  func withBytes<Result>(from start: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    memory.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
  }
}
