import Core
import System

@testable import HTTP

/// Answers the requests of an HTTP/2 client, some of them with a content that grows.
final class HTTP2Listener: HTTP2Delegate {
  enum Event: Equatable {
    case request(Int32, String, [UInt8], refusal: Int?, hasContent: Bool)
    /// All pieces of content that came without another event between them.
    case content(Int32, [UInt8])
    case contentEnd(Int32)
    case closed(Int32, HTTP2ErrorCode)
    case abuse(HTTP2Abuse)
  }

  private var events: [Event] = []
  private var open: Set<Int32> = []
  private var session: HTTP2Session?

  /// The events of a connection that ends after some bytes.
  /// - Parameter step: bytes that are read at a time.
  static func events(_ bytes: [UInt8], step: Int) -> [Event] {
    let listener = HTTP2Listener()
    let session = HTTP2Session(delegate: listener)
    listener.session = session
    for start in stride(from: 0, to: bytes.count, by: step) {
      bytes[start..<min(bytes.count, start + step)].withUnsafeBytes {
        session.receive($0, at: MonotonicTime(nanoseconds: 1))
      }
    }
    var buffer = [UInt8](repeating: 0, count: HTTP2Session.smallestOutput)
    while case let count = buffer.withUnsafeMutableBytes({ session.output(into: $0) }), count > 0 {
      precondition(count <= buffer.count)
    }
    precondition(session.memoryBytes <= HTTP2Limits().memory && session.openStreams <= HTTP2Limits().streams)
    session.close()
    listener.session = nil
    precondition(listener.open.isEmpty && session.memoryBytes == 0)
    return listener.events
  }

  func onRequest(stream: Int32, head: HTTP2RequestHead, hasContent: Bool) {
    precondition(open.insert(stream).inserted)
    precondition(head.refusal != nil || !head.method.isEmpty && !head.target.isEmpty)
    precondition(head.refusal != nil || head.headers["host"].count == 1 && head.headers["cookie"].count <= 1)
    events.append(
      .request(stream, head.method, head.target, refusal: head.refusal?.status, hasContent: hasContent))
    answer(stream, head)
  }

  func onContent(stream: Int32, bytes: UnsafeRawBufferPointer) {
    precondition(open.contains(stream))
    if case .content(stream, let before)? = events.last {
      events[events.count - 1] = .content(stream, before + bytes)
    } else {
      events.append(.content(stream, Array(bytes)))
    }
    if stream % 4 == 1 { session!.consumed(stream: stream, count: bytes.count) }
  }

  func onContentEnd(stream: Int32) {
    precondition(open.contains(stream))
    events.append(.contentEnd(stream))
  }

  func onClosed(stream: Int32, code: HTTP2ErrorCode) {
    precondition(open.remove(stream) != nil)
    events.append(.closed(stream, code))
  }

  func onAbuse(_ abuse: HTTP2Abuse) {
    precondition(!events.contains { if case .abuse = $0 { true } else { false } })
    events.append(.abuse(abuse))
  }

  private func answer(_ stream: Int32, _ head: HTTP2RequestHead) {
    let session = session!
    if let refusal = head.refusal {
      return session.respond(stream: stream, status: refusal.status, headers: refusal.headers, content: nil)
    }
    switch head.method {
    case "PUT": session.askForContent(stream: stream)
    case "DELETE": session.reset(stream: stream, code: .cancel)
    case "HEAD": session.respond(stream: stream, status: 200, headers: [("ETag", "\"a\"")], content: nil)
    default:
      var left = 100_000
      session.respond(stream: stream, status: 200, headers: []) { buffer in
        let count = min(left, buffer.count)
        left -= count
        buffer.prefix(count).withMemoryRebound(to: UInt8.self) { $0.update(repeating: 7) }
        return left > 0 || stream % 4 == 1 ? .bytes(count, isLast: left == 0) : .wait
      }
    }
  }
}
