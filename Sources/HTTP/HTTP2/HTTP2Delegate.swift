/// The owner of an `HTTP2Session`. The session calls these functions only during `receive`, `output` and `close`. They may
/// call the functions of the session that name a stream, and `shutDown`.
protocol HTTP2Delegate: AnyObject {
  /// A request has come.
  /// - Parameter hasContent: `onContentEnd` follows, after `onContent` for each piece of content.
  func onRequest(stream: Int32, head: HTTP2RequestHead, hasContent: Bool)
  /// A piece of a request's content. The client sends more than the flow-control window only after
  /// `HTTP2Session.consumed`.
  /// - Parameter bytes: valid during the call.
  func onContent(stream: Int32, bytes: UnsafeRawBufferPointer)
  func onContentEnd(stream: Int32)
  /// The head of an answer, or of a 100, is in the output.
  func onHeadSent(stream: Int32)
  /// A request was reset, because its header section was malformed. No other function is told of that stream.
  func onMalformedRequest()
  /// The stream is over, whether the answer was sent or not. Each stream of `onRequest` is closed once.
  func onClosed(stream: Int32, code: HTTP2ErrorCode)
  /// The connection ends because of the client; told once. The remaining output says so to the client.
  func onAbuse(_ abuse: HTTP2Abuse)
}

extension HTTP2Delegate {
  func onHeadSent(stream: Int32) {}
  func onMalformedRequest() {}
}
