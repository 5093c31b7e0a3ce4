/// A piece of a growing body as it goes over the wire, framed once for all who are sent it. Immutable.
///
/// RFC 9112 §7.1: chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
final class Chunk: Sendable {
  let body: GrowingBody
  /// Where it is in the body; never empty, because an empty chunk is the end of all.
  let range: Range<Int>
  /// The size line, the data and a line end.
  private let memory: [UInt8]

  init(_ body: GrowingBody, _ range: Range<Int>) {
    precondition(!range.isEmpty && range.upperBound <= body.count, "a chunk holds bytes that are there")
    (self.body, self.range) = (body, range)
    let data = body.bytes(from: range.lowerBound, to: range.upperBound, room: range.count)
    memory = Array(String(range.count, radix: 16, uppercase: true).utf8) + [13, 10] + data + [13, 10]
  }

  var count: Int { memory.count }

  func withBytes<Result>(from start: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    memory.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
  }
}
