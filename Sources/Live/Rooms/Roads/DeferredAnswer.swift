import Core
import HTTP
import Rooms
import Synchronization

/// Takes the content of a POST, and answers once another thread has decided. The connection's loop goes on meanwhile.
final class DeferredAnswer: ContentReceiver {
  private struct State {
    var content: [UInt8] = []
    var control: ContentControl?
    var response: Response?
  }

  /// Slower clients are disconnected.
  let slowestRate: Int? = 1000
  private let length: Int
  private let onContent: @Sendable (_ content: [UInt8], _ answer: DeferredAnswer) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - length: the bytes of the content, which are at least 1.
  ///   - onContent: gets the content, on the thread of the loop.
  private init(length: Int, onContent: @escaping @Sendable ([UInt8], DeferredAnswer) -> Void) {
    (self.length, self.onContent) = (length, onContent)
  }

  /// The reply to a request whose content has a declared length.
  /// - Parameters:
  ///   - limit: the most bytes.
  ///   - onContent: gets the content, on the thread of the loop. Someone must call `respond` afterwards.
  static func reply(
    to request: Request, atMost limit: Int,
    onContent: @escaping @Sendable (_ content: [UInt8], _ answer: DeferredAnswer) -> Void
  ) -> Reply {
    guard let field = request.header("Content-Length"), let length = Int(field) else {
      // RFC 9110 §15.5.12.
      return .respond(.json(RoomError(.badMessage, "The request needs a Content-Length.").json.text, status: 411))
    }
    guard length > 0 else { return .respond(.refusal(RoomError(.badMessage, "The request has no content."))) }
    guard length <= limit else {
      return .respond(.refusal(RoomError(.tooLong, "A message has at most \(limit) bytes.")))
    }
    return .receive(DeferredAnswer(length: length, onContent: onContent))
  }

  /// Gives the answer, on any thread. Only the first call counts.
  func respond(_ response: Response) {
    let control = state.withLock { state in
      if state.response != nil { return nil as ContentControl? }
      state.response = response
      return state.control
    }
    control?.resume()
  }

  func begin(_ control: ContentControl) {
    state.withLock { $0.control = control }
  }

  func receive(_ bytes: UnsafeRawBufferPointer) -> ContentDemand {
    let content = state.withLock { state in
      state.content += bytes
      return state.content.count >= length ? state.content : nil
    }
    guard let content else { return .more }
    onContent(content, self)
    return .pause
  }

  func end() -> Response {
    state.withLock { $0.response } ?? .text(500, "the rooms gave no answer\n")
  }

  func abandoned() {
    state.withLock { $0.control = nil }
  }
}
