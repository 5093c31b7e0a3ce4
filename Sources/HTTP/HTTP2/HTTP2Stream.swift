/// One request and its answer.
struct HTTP2Stream {
  /// Gives the content of an answer, piece by piece.
  typealias Content = (UnsafeMutableRawBufferPointer) -> HTTP2Session.ContentRead

  /// Collects the header section; nil after the owner knows the request.
  var head: HTTP2RequestHead?
  /// Bytes of decoded header fields, also of those that `head` did not keep.
  var decoded = 0
  /// Bytes of content that came and that the owner has not consumed.
  var unconsumed = 0
  /// The bytes of `unconsumed` that no longer count for the connection's window.
  var kept = 0
  var isAnswered = false
  /// This side has reset the stream without an error of the client.
  var isReset = false
  var content: Content?

  init(headLimit: Int) {
    head = HTTP2RequestHead(limit: headLimit)
  }

  /// The owner knows the request.
  var isAnnounced: Bool { head == nil }
}
