/// A protocol as one connection speaks it. All calls come from the loop of the connection.
protocol Conversation: AnyObject {
  /// Whether bytes of the client would be taken now.
  var wantsInput: Bool { get }
  /// Bytes have come; they are valid during the call.
  func receive(_ bytes: UnsafeRawBufferPointer)
  /// The client has sent its last byte.
  func inputEnded()
  /// The socket takes bytes again.
  func canSend()
  /// A deadline has passed.
  /// - Returns: the bytes that the client may still read, if not the client but the writer of the content is slow; the
  ///   deadline then begins again.
  func postponement() -> Int?
  /// The connection is closed. Nothing can be sent any more.
  func closed()
}
