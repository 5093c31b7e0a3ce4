import Glibc

/// The grammar of a request's head (RFC 9112 §3 and §5). A line ends with CRLF or LF (§2.2).
enum HTTP1Head {
  /// The most header fields of a request. A browser sends a dozen or two.
  static let mostFields = 500

  /// - Parameters:
  ///   - head: the bytes up to and with the empty line.
  ///   - fields: gets the fields, and a copy of the head.
  static func parse(_ head: UnsafeRawBufferPointer, _ fields: inout HeaderFields) -> HTTP1Machine.Event {
    fields.reset(to: head)
    guard let lineEnd = index(of: 10, in: head, from: 0), let line = RequestLineRanges(head, end: lineEnd) else {
      return .refused(.badRequest("malformed request line"), nil)
    }
    let method = text(head, line.method)
    let written = text(head, line.version)
    // Old source clients of Icecast name its own version, and speak HTTP/1.0.
    let version = method == "SOURCE" && written == "ICE/1.0" ? "HTTP/1.0" : written
    guard let isKnown = isKnown(version) else { return .refused(.badRequest("malformed request line"), nil) }
    func refused(_ response: Response) -> HTTP1Machine.Event { .refused(response, Self.line(of: head)) }
    guard isKnown else { return refused(.text(505, "only HTTP/1.1 and HTTP/1.0\n")) }
    // RFC 9110 §5.5: "a recipient of CR, LF, or NUL within a field value MUST either reject the message or replace each".
    guard index(of: 0, in: head, from: 0) == nil else { return refused(.badRequest("malformed header field")) }
    var start = lineEnd + 1
    while let end = index(of: 10, in: head, from: start) {
      let last = end > start && head[end - 1] == 13 ? end - 1 : end
      if last == start { break }
      // RFC 9112 §5.2: "A server that receives an obs-fold in a request message … MUST either reject the message".
      guard !head[start].isOptionalWhitespace, let colon = index(of: UInt8(ascii: ":"), in: head, from: start),
        colon < last
      else { return refused(.badRequest("malformed header field")) }
      var value = colon + 1..<last
      while let first = value.first, head[first].isOptionalWhitespace { value = first + 1..<last }
      while let last = value.last, head[last].isOptionalWhitespace { value = value.lowerBound..<last }
      guard fields.count < mostFields else {
        return refused(.text(431, "a request must have at most \(mostFields) header fields\n"))
      }
      fields.append(name: start..<colon, value: value)
      start = end + 1
    }
    return .head(
      RequestHead(
        method: method, target: fields.bytes[line.target], version: version, headers: fields))
  }

  /// The request line at the front of `bytes`, for the access log; nil where there is none.
  static func line(of bytes: UnsafeRawBufferPointer) -> RequestLine? {
    let end = index(of: 10, in: bytes, from: 0) ?? min(bytes.count, 200)
    guard let line = RequestLineRanges(bytes, end: end) else { return nil }
    return RequestLine(
      method: text(bytes, line.method), target: Array(bytes[line.target]), version: text(bytes, line.version))
  }

  /// Whether this server speaks the version; nil if the text is no version. RFC 9112 §2.3: HTTP-version = HTTP-name "/"
  /// DIGIT "." DIGIT
  private static func isKnown(_ version: String) -> Bool? {
    if version == "HTTP/1.1" { return true }
    let characters = Array(version.utf8)
    guard characters.count == 8, version.utf8.starts(with: "HTTP/".utf8), characters[5].isDigit,
      characters[6] == UInt8(ascii: "."), characters[7].isDigit
    else { return nil }
    return characters[5] == UInt8(ascii: "1")
  }

  private static func text(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
    String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  fileprivate static func index(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, Int32(byte), bytes.count - start)
    else { return nil }
    return base.distance(to: UnsafeRawPointer(found))
  }
}

/// The words of a request line. RFC 9112 §3: request-line = method SP request-target SP HTTP-version
private struct RequestLineRanges {
  let method: Range<Int>
  let target: Range<Int>
  let version: Range<Int>

  /// Nil if the line does not have exactly three words.
  init?(_ bytes: UnsafeRawBufferPointer, end: Int) {
    let space = UInt8(ascii: " ")
    let last = end > 0 && bytes[end - 1] == 13 ? end - 1 : end
    guard let first = HTTP1Head.index(of: space, in: bytes, from: 0), first > 0, first < last,
      let second = HTTP1Head.index(of: space, in: bytes, from: first + 1), second > first + 1, second < last,
      !bytes[second + 1..<last].contains(space), bytes[..<first].allSatisfy(\.isTokenCharacter)
    else { return nil }
    method = 0..<first
    target = first + 1..<second
    version = second + 1..<last
  }
}
