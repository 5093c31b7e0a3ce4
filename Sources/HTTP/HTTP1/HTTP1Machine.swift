import Glibc

/// The requests of one connection that speaks HTTP/1.1 or HTTP/1.0 (RFC 9112): bytes in, heads and content out. Pure.
///
/// The same bytes give the same events, however they are split. Bytes are kept only of a head that has not come whole.
struct HTTP1Machine {
  enum Event {
    /// The head of a request. The owner calls `expect` before `next` if it wants the content.
    case head(RequestHead)
    /// Bytes of content; valid as long as the input.
    case content(UnsafeRawBufferPointer)
    /// The content has come whole.
    case contentEnd
    /// The bytes are no request. The server answers, and reads nothing more.
    case refused(Response, RequestLine?)
  }

  /// The end of a request's content (RFC 9112 §6.3).
  enum Framing {
    case length(Int)
    case chunked
    /// The content goes on until the client ends the connection, as Icecast's source clients send.
    case untilEnd
  }

  private enum State {
    case head
    case content(Int)
    case chunks(ChunkedDecoder)
    case untilEnd
    case over
  }

  /// The most bytes of a head.
  static let longestHead = 64 << 10

  private var state = State.head
  /// The bytes of a head that has not come whole.
  private var kept: [UInt8] = []
  /// The bytes of `kept` in which no end of the head begins.
  private var scanned = 0

  /// Whether no part of a next request has come.
  var isIdle: Bool {
    if case .head = state { kept.isEmpty } else { false }
  }

  /// Whether the bytes that come next are content.
  var isReadingContent: Bool {
    switch state {
    case .content, .chunks, .untilEnd: true
    case .head, .over: false
    }
  }

  /// The content of the latest head is wanted.
  mutating func expect(_ framing: Framing) {
    state =
      switch framing {
      case .length(let length): .content(length)
      case .chunked: .chunks(ChunkedDecoder())
      case .untilEnd: .untilEnd
      }
  }

  /// Nothing more is read.
  mutating func end() {
    (state, kept) = (.over, [])
  }

  /// The client has sent its last byte.
  /// - Returns: the end of a content that ends with the connection; nil otherwise.
  mutating func inputEnded() -> Event? {
    if case .untilEnd = state {
      state = .over
      return .contentEnd
    }
    return nil
  }

  /// Takes bytes from the front of `input`.
  /// - Parameter fields: memory for the fields of a head, used again from head to head.
  /// - Returns: nil if more bytes are needed. Then `input` is empty.
  mutating func next(_ input: inout UnsafeRawBufferPointer, fields: inout HeaderFields) -> Event? {
    switch state {
    case .head: return nextHead(&input, &fields)
    case .content(let rest):
      if rest == 0 {
        state = .head
        return .contentEnd
      }
      guard !input.isEmpty else { return nil }
      let count = min(rest, input.count)
      defer { input.drop(count) }
      state = .content(rest - count)
      return .content(UnsafeRawBufferPointer(rebasing: input[..<count]))
    case .chunks(var decoder):
      let piece = decoder.next(&input)
      state = .chunks(decoder)
      switch piece {
      case nil: return nil
      case .content(let bytes): return .content(bytes)
      case .end:
        state = .head
        return .contentEnd
      case .malformed:
        end()
        return .refused(.badRequest("malformed chunk"), nil)
      }
    case .untilEnd:
      guard !input.isEmpty else { return nil }
      defer { input.drop(input.count) }
      return .content(input)
    case .over:
      input.drop(input.count)
      return nil
    }
  }

  private mutating func nextHead(_ input: inout UnsafeRawBufferPointer, _ fields: inout HeaderFields) -> Event? {
    if kept.isEmpty {
      // RFC 9112 §2.2: "a server that is expecting to receive and parse a request-line SHOULD ignore at least one empty
      // line (CRLF) received prior to the request-line."
      while let first = input.first, first == 10 || first == 13 && input.count > 1 && input[1] == 10 {
        input.drop(first == 10 ? 1 : 2)
      }
      guard !input.isEmpty else { return nil }
      var place = 0
      if let end = Self.headEnd(in: input, from: &place), end <= Self.longestHead {
        let head = UnsafeRawBufferPointer(rebasing: input[..<end])
        input.drop(end)
        return finish(HTTP1Head.parse(head, &fields))
      }
      if input.count == 1 || input.count <= Self.longestHead {
        (kept, scanned) = (Array(input), place)
        input.drop(input.count)
        return nil
      }
      return finish(.refused(Self.tooLong(input), HTTP1Head.line(of: input)))
    }
    let (before, taken) = (kept.count, min(input.count, Self.longestHead + 1 - kept.count))
    kept.append(contentsOf: input[..<taken])
    if before == 1, kept.first == 13, kept.count > 1, kept[1] == 10 {
      // An empty line that came in two pieces.
      kept = []
      input.drop(1)
      return nextHead(&input, &fields)
    }
    let event: Event? = kept.withUnsafeBytes { bytes in
      if let end = Self.headEnd(in: bytes, from: &scanned), end <= Self.longestHead {
        input.drop(end - before)
        return HTTP1Head.parse(UnsafeRawBufferPointer(rebasing: bytes[..<end]), &fields)
      }
      input.drop(taken)
      return bytes.count > Self.longestHead ? .refused(Self.tooLong(bytes), HTTP1Head.line(of: bytes)) : nil
    }
    guard let event else { return nil }
    (kept, scanned) = ([], 0)
    return finish(event)
  }

  private mutating func finish(_ event: Event) -> Event {
    if case .refused = event { end() }
    return event
  }

  /// The end of the head: behind its first empty line.
  /// - Parameter place: the start of the search; at the end, the start of the next search.
  private static func headEnd(in bytes: UnsafeRawBufferPointer, from place: inout Int) -> Int? {
    while place < bytes.count, let found = memchr(bytes.baseAddress! + place, 10, bytes.count - place) {
      let feed = UnsafeRawPointer(found) - bytes.baseAddress!
      if feed + 1 < bytes.count {
        if bytes[feed + 1] == 10 { return feed + 2 }
        if bytes[feed + 1] == 13 {
          guard feed + 2 < bytes.count else {
            place = feed
            return nil
          }
          if bytes[feed + 2] == 10 { return feed + 3 }
        }
        place = feed + 1
      } else {
        place = feed
        return nil
      }
    }
    place = bytes.count
    return nil
  }

  /// RFC 9112 §3: "A server that receives a request-target longer than any URI it wishes to parse MUST respond with a 414
  /// (URI Too Long)". RFC 6585 §5: 431 for header fields, with an explanation.
  private static func tooLong(_ bytes: UnsafeRawBufferPointer) -> Response {
    guard memchr(bytes.baseAddress!, 10, min(bytes.count, longestHead)) != nil else {
      return .text(414, "the request line must have at most \(longestHead) bytes\n")
    }
    return .text(
      431,
      "the request line and the header fields must have at most \(longestHead) bytes together; fewer or shorter cookies"
        + " help\n")
  }
}

private func - (end: UnsafeRawPointer, start: UnsafeRawPointer) -> Int { start.distance(to: end) }
