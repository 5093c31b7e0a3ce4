/// The reason why a stream is over.
package enum StreamEnd: Sendable {
  /// The input has ended by itself.
  case ended
  /// Something failed, and is not tried again.
  case failed
  case stopped
}
