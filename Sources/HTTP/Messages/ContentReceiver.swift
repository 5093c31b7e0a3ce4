/// Takes the content of a request piece by piece. All calls come from one thread of the server, and none may block.
package protocol ContentReceiver: AnyObject, Sendable {
  /// The slowest sending that is allowed, in bytes a second on average; nil where the client may be silent for as long as
  /// `Server.Limits.idleSeconds` again and again, as a source client may.
  var slowestRate: Int? { get }
  /// An answer that the client gets before its content, and instead of that of `end`; nil where there is none. A `SOURCE`
  /// client of Icecast sends sound only after this answer, which has no content. It counts only over HTTP/1, for content
  /// that goes on to the end of the connection, and not for a client that waits for a 100.
  var earlyAnswer: Response? { get }
  /// The client is told to go on, and content may come.
  /// - Parameter control: may be kept, and used from any thread.
  func begin(_ control: ContentControl)
  /// A piece of content; the bytes are valid during the call.
  func receive(_ bytes: UnsafeRawBufferPointer) -> ContentDemand
  /// The content has come whole.
  /// - Returns: the answer.
  func end() -> Response
  /// The content will not come whole: the client is gone or too slow, sent no valid content, or was ended by `control`.
  func abandoned()
}

extension ContentReceiver {
  package var earlyAnswer: Response? { nil }
}

/// What a receiver of content wants next.
package enum ContentDemand: Sendable {
  case more
  /// Nothing before `ContentControl.resume`. The server then reads nothing, so that TCP slows the client down.
  case pause
  /// The answer at once; the rest of the content is not read.
  case refuse(Response)
}

/// Steers the reading of one request's content, from any thread.
package final class ContentControl: Sendable {
  private let onResume: @Sendable () -> Void
  private let onRefuse: @Sendable (Response) -> Void

  package init(onResume: @escaping @Sendable () -> Void, onRefuse: @escaping @Sendable (Response) -> Void) {
    (self.onResume, self.onRefuse) = (onResume, onRefuse)
  }

  /// The receiver takes content again.
  package func resume() {
    onResume()
  }

  /// Answers at once; the rest of the content is not read.
  package func refuse(_ response: Response) {
    onRefuse(response)
  }
}
