/// One request on its way through libmicrohttpd, which keeps it from the request line to the answer's end.
final class Exchange {
  /// The target as it came, before libmicrohttpd cuts it up.
  let target: [UInt8]
  /// Set when the whole head is there and good.
  var request: Request?
  /// What has come of the content; nil where none is read.
  private(set) var content: [UInt8]?
  private var expected = 0
  /// Whether content of unknown length goes to the client in chunks (RFC 9112 §7.1), as libmicrohttpd decides it.
  var takesChunks = false
  /// When it was held first, in monotonic nanoseconds.
  var heldSince: Int?
  /// Of the request, for whoever is told of the answer.
  var (client, method, version) = (Client(), "", "")
  /// In monotonic nanoseconds.
  var began = 0
  /// The answer's; nil before there is one.
  var status: Int?
  /// Bytes of content that go out if the answer does; 0 of one that grows, for that counts as it is sent.
  var length = 0
  /// Bytes of content that went out.
  var sent = 0
  var onEnd: (@Sendable () -> Void)?

  init(target: [UInt8]) {
    self.target = target
  }

  /// So many bytes of content are to be read.
  func expectContent(_ length: Int) {
    (content, expected) = ([], length)
    content?.reserveCapacity(length)
  }

  /// More of it has come.
  /// - Returns: whether that may be: it was asked for, and is not longer than was said.
  func take(_ more: UnsafeRawBufferPointer) -> Bool {
    guard let count = content?.count, count + more.count <= expected else { return false }
    content?.append(contentsOf: more)
    return true
  }
}
