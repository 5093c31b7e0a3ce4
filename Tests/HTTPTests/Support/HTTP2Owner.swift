import Core
import System

@testable import HTTP

/// The owner of an HTTP/2 session in a test.
final class HTTP2Owner {
  let session: HTTP2Session
  private let record: HTTP2Record

  /// - Parameter answer: answers a request as soon as it comes.
  init(limits: HTTP2Limits = HTTP2Limits(), answer: @escaping (HTTP2Session, Int32) -> Void = { _, _ in }) {
    record = HTTP2Record()
    session = HTTP2Session(limits: limits, delegate: record)
    record.onRequest = { [unowned session] in answer(session, $0) }
    record.onConsumable = { [unowned session] in session.consumed(stream: $0, count: $1) }
  }

  deinit { session.close() }

  var events: [HTTP2Record.Event] { record.events }
  var heads: [Int32: HTTP2RequestHead] { record.heads }
  var abuses: [HTTP2Abuse] {
    events.compactMap { if case .abuse(let abuse) = $0 { abuse } else { nil } }
  }

  /// From now on a test consumes the content itself.
  func keepContent() { record.onConsumable = { _, _ in } }

  /// - Parameter second: since some instant.
  func receive(_ bytes: some Sequence<UInt8>, at second: Double = 0) {
    let now = MonotonicTime(nanoseconds: 1) + .nanoseconds(Int(second * 1e9))
    Array(bytes).withUnsafeBytes { session.receive($0, at: now) }
  }

  /// All bytes that the session gives.
  func output(buffer: Int = 16_384) -> [UInt8] {
    var (all, piece) = ([UInt8](), [UInt8](repeating: 0, count: buffer))
    while true {
      let count = piece.withUnsafeMutableBytes { session.output(into: $0) }
      if count == 0 { return all }
      all += piece[..<count]
    }
  }
}

/// The events of an HTTP/2 session.
final class HTTP2Record: HTTP2Delegate {
  enum Event: Equatable {
    case request(Int32, method: String, target: String, hasContent: Bool)
    /// All pieces of content that came without another event between them.
    case content(Int32, [UInt8])
    case contentEnd(Int32)
    case closed(Int32, HTTP2ErrorCode)
    case abuse(HTTP2Abuse)
  }

  private(set) var events: [Event] = []
  private(set) var heads: [Int32: HTTP2RequestHead] = [:]
  var onRequest: (Int32) -> Void = { _ in }
  var onConsumable: (Int32, Int) -> Void = { _, _ in }

  func onRequest(stream: Int32, head: HTTP2RequestHead, hasContent: Bool) {
    let target = String(decoding: head.target, as: UTF8.self)
    events.append(.request(stream, method: head.method, target: target, hasContent: hasContent))
    heads[stream] = head
    onRequest(stream)
  }

  func onContent(stream: Int32, bytes: UnsafeRawBufferPointer) {
    if case .content(stream, let before)? = events.last {
      events[events.count - 1] = .content(stream, before + bytes)
    } else {
      events.append(.content(stream, Array(bytes)))
    }
    onConsumable(stream, bytes.count)
  }

  func onContentEnd(stream: Int32) { events.append(.contentEnd(stream)) }

  func onClosed(stream: Int32, code: HTTP2ErrorCode) { events.append(.closed(stream, code)) }

  func onAbuse(_ abuse: HTTP2Abuse) { events.append(.abuse(abuse)) }
}

/// The content of an answer. It grows, and its reader takes the bytes that are there.
final class GrowingContent {
  private var bytes: [UInt8]
  private var isComplete: Bool
  /// Bytes that were taken.
  private(set) var taken = 0

  init(_ bytes: [UInt8] = [], isComplete: Bool = false) {
    (self.bytes, self.isComplete) = (bytes, isComplete)
  }

  func grow(_ more: [UInt8], isComplete: Bool = false) {
    bytes += more
    self.isComplete = isComplete
  }

  func read(_ buffer: UnsafeMutableRawBufferPointer) -> HTTP2Session.ContentRead {
    let piece = bytes[taken...].prefix(buffer.count)
    if piece.isEmpty && !isComplete { return .wait }
    buffer.copyBytes(from: piece)
    taken += piece.count
    return .bytes(piece.count, isLast: isComplete && taken == bytes.count)
  }
}
