/// One request and its answer. libmicrohttpd holds it from the request line to the end of the answer.
final class Exchange {
  /// The target as the client sent it, before libmicrohttpd splits it.
  let target: [UInt8]
  /// Set when the head is complete and valid.
  var request: Request?
  /// The content received so far; nil if none is read.
  private(set) var content: [UInt8]?
  private var expected = 0
  /// Whether libmicrohttpd sends content of unknown length in chunks (RFC 9112 §7.1).
  var takesChunks = false
  /// The time at which it was first held, in monotonic nanoseconds.
  var heldSince: Int?
  /// The request, for `FinishedExchange`.
  var (client, method, version) = (Client(), "", "")
  /// The arrival of the head, in monotonic nanoseconds.
  var began = 0
  /// The status of the answer; nil before there is one.
  var status: Int?
  /// Bytes of content to count when the answer is complete; 0 for growing content, which is counted as it is sent.
  var length = 0
  /// Bytes of content that were sent.
  var sent = 0
  var onEnd: (@Sendable () -> Void)?

  init(target: [UInt8]) {
    self.target = target
  }

  /// Expects `length` bytes of content.
  func expectContent(_ length: Int) {
    (content, expected) = ([], length)
    content?.reserveCapacity(length)
  }

  /// Adds content.
  /// - Returns: false if no content is expected, or if it is longer than declared.
  func take(_ more: UnsafeRawBufferPointer) -> Bool {
    guard let count = content?.count, count + more.count <= expected else { return false }
    content?.append(contentsOf: more)
    return true
  }
}
