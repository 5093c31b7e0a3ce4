import Glibc

/// The content of a file, and the answer to every request for the file (RFC 9110 §3.2). Nothing is kept in memory: the
/// file is read while an answer is sent. A file that becomes shorter meanwhile breaks the connection, or with HTTP/2 the
/// stream.
package struct FileRepresentation: Sendable {
  private let file: FileContent
  private let contentType: String
  private let entityTag: EntityTag
  /// The validators and the fields that every answer has.
  private let headers: [(name: String, value: String)]
  /// The header fields of errors.
  private let errorHeaders: [(name: String, value: String)]

  /// - Parameter headers: header fields of every answer, errors too. With `CORS.headers` among them, preflights are
  ///   answered.
  package init(
    _ file: FileContent, contentType: String, cacheControl: String, headers: [(name: String, value: String)] = []
  ) {
    self.file = file
    self.contentType = contentType
    errorHeaders = headers
    // §8.8.3.1: "Other implementations might use a collision-resistant hash of representation content, a combination of
    // various file attributes, or a modification timestamp that has sub-second resolution."
    let (seconds, nanoseconds) = file.modified
    entityTag = EntityTag(
      opaque: [file.length, seconds, nanoseconds].map { String($0, radix: 16) }.joined(separator: "-"))
    self.headers =
      [
        (name: "ETag", value: entityTag.text), (name: "Last-Modified", value: HTTPDate.text(seconds)),
        (name: "Cache-Control", value: cacheControl),
      ] + headers
  }

  /// Bytes of the file.
  package var length: Int { file.length }

  package func response(to request: Request) -> Response {
    response(to: request, now: Int(time(nil)))
  }

  /// - Parameter now: Unix time in seconds; read only for a date with a two-digit year.
  func response(to request: Request, now: @autoclosure () -> Int) -> Response {
    switch request.method {
    case .put, .other: return .methodNotAllowed
    case .options:
      return errorHeaders.contains { $0.name == "Access-Control-Allow-Origin" } ? CORS.preflight : .options
    case .get, .head: break
    }
    let preconditions = Preconditions(entityTag: entityTag, lastModified: file.modified.seconds)
    switch preconditions.outcome(request, now: now()) {
    case .failed: return .text(412, "precondition failed\n", headers: errorHeaders)
    case .notModified: return Response(status: 304, headers: headers, file: FileContent.Slice(file, 0..<length))
    case .proceed: break
    }
    // §14.2: "GET is the only method for which range handling is defined." "The Range header field is evaluated after
    // evaluating the precondition header fields".
    guard request.method == .get, let range = request.header("Range"), preconditions.rangeApplies(request) else {
      return whole
    }
    switch ByteRange.parse(range, length: length) {
    case .unsatisfiable:
      // §15.5.17: "A server that generates a 416 response to a byte-range request SHOULD generate a Content-Range
      // header field specifying the current length of the selected representation".
      let length = (name: "Content-Range", value: "bytes */\(length)")
      return .text(416, "no such range\n", headers: [length] + errorHeaders)
    case .ranges(let ranges) where ranges.count == 1: return part(ranges[0])
    // §14.2: "A server MAY ignore the Range header field." Players ask for one range.
    case .ignored, .ranges: return whole
    }
  }

  private var whole: Response { answer(200, 0..<length) }

  /// §15.3.7.1
  private func part(_ range: Range<Int>) -> Response {
    answer(206, range, [(name: "Content-Range", value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)")])
  }

  private func answer(_ status: Int, _ range: Range<Int>, _ more: [(name: String, value: String)] = []) -> Response {
    let type = [(name: "Content-Type", value: contentType), (name: "Accept-Ranges", value: "bytes")]
    return Response(status: status, headers: type + more + headers, file: FileContent.Slice(file, range))
  }
}
