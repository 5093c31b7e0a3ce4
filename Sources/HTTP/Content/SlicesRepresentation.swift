/// Content that consists of pieces in memory, which others use too, and the answer to every request for the content (RFC 9110
/// §3.2). Nothing is copied.
package struct SlicesRepresentation: Sendable {
  private let slices: [Bytes.Slice]
  private let contentType: String
  private let entityTag: EntityTag
  /// Unix time, seconds.
  private let lastModified: Int
  private let headers: [(name: String, value: String)]
  private let errorHeaders: [(name: String, value: String)]

  /// - Parameters:
  ///   - entityTag: a text that no other content of the resource has.
  ///   - headers: header fields of every answer, errors too. With `CORS.headers` among them, preflights are answered.
  package init(
    _ slices: [Bytes.Slice], contentType: String, cacheControl: String, entityTag: String, lastModified: Int,
    headers: [(name: String, value: String)] = []
  ) {
    (self.slices, self.contentType, self.lastModified) = (slices, contentType, lastModified)
    self.entityTag = EntityTag(opaque: entityTag)
    errorHeaders = headers
    self.headers =
      [
        (name: "ETag", value: self.entityTag.text), (name: "Last-Modified", value: HTTPDate.text(lastModified)),
        (name: "Cache-Control", value: cacheControl),
      ] + headers
  }

  /// Bytes of the content.
  package var length: Int { slices.reduce(0) { $0 + $1.range.count } }

  /// - Parameter now: Unix time in seconds, for a date with a two-digit year.
  package func response(to request: Request, now: Int) -> Response {
    switch request.method {
    case .put, .other: return .methodNotAllowed
    case .options:
      return errorHeaders.contains { $0.name == "Access-Control-Allow-Origin" } ? CORS.preflight : .options
    case .get, .head: break
    }
    let preconditions = Preconditions(entityTag: entityTag, lastModified: lastModified)
    switch preconditions.outcome(request, now: now) {
    case .failed: return .text(412, "precondition failed\n", headers: errorHeaders)
    case .notModified: return Response(status: 304, headers: headers, body: slices)
    case .proceed: break
    }
    // §14.2: "GET is the only method for which range handling is defined."
    let length = length
    guard request.method == .get, let field = request.header("Range"), preconditions.rangeApplies(request) else {
      return answer(200, slices)
    }
    switch ByteRange.parse(field, length: length) {
    case .unsatisfiable:
      return .text(
        416, "no such range\n", headers: [(name: "Content-Range", value: "bytes */\(length)")] + errorHeaders)
    case .ranges(let ranges) where ranges.count == 1:
      let range = ranges[0]
      let content = (name: "Content-Range", value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)")
      return answer(206, cut(range), [content])
    // §14.2: "A server MAY ignore the Range header field."
    case .ignored, .ranges: return answer(200, slices)
    }
  }

  private func cut(_ range: Range<Int>) -> [Bytes.Slice] {
    var start = 0
    return slices.compactMap { slice in
      let part = range.clamped(to: start..<(start + slice.range.count))
      let shift = slice.range.lowerBound - start
      start += slice.range.count
      return part.isEmpty ? nil : Bytes.Slice(slice.bytes, (part.lowerBound + shift)..<(part.upperBound + shift))
    }
  }

  private func answer(
    _ status: Int, _ body: [Bytes.Slice], _ more: [(name: String, value: String)] = []
  ) -> Response {
    let type = [(name: "Content-Type", value: contentType), (name: "Accept-Ranges", value: "bytes")]
    return Response(status: status, headers: type + more + headers, body: body)
  }
}
