import System

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
  func isOverdue(_ step: Deadlines.Step) -> Lateness
  /// The server ends, and closes the connection at once. The protocol may tell the client so.
  func serverEnds()
  /// The connection is closed. Nothing can be sent any more.
  func closed()
}

/// The consequence of a deadline that has passed.
enum Lateness {
  /// The connection is closed.
  case close
  /// Another deadline counts: the writer of the content is slow, not the client, or the step had another end.
  case postponed(until: MonotonicTime)
}
