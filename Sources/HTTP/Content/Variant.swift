/// One content coding of a representation, and its answers. The whole answer and the 304 are built once.
final class Variant: Sendable {
  let whole: Response
  let notModified: Response
  let entityTag: EntityTag
  let bytes: Bytes
  private let contentType: String
  /// Unix time, seconds.
  private let lastModified: Int
  private let headers: [(name: String, value: String)]
  private let metadata: [(name: String, value: String)]
  /// The header fields of a 206, except Content-Type.
  private let partialHeaders: [(name: String, value: String)]

  /// - Parameters:
  ///   - headers: header fields of every answer: Cache-Control, Vary, CORS.
  ///   - metadata: header fields of an answer with content: Content-Encoding, Accept-Ranges.
  convenience init(
    _ content: [UInt8], contentType: String, entityTag: EntityTag, lastModified: Int,
    headers: [(name: String, value: String)], metadata: [(name: String, value: String)]
  ) {
    self.init(
      Bytes(content), contentType: contentType, entityTag: entityTag, lastModified: lastModified, headers: headers,
      metadata: metadata)
  }

  private init(
    _ bytes: Bytes, contentType: String, entityTag: EntityTag, lastModified: Int,
    headers: [(name: String, value: String)], metadata: [(name: String, value: String)]
  ) {
    let type = (name: "Content-Type", value: contentType)
    let validators = [
      (name: "ETag", value: entityTag.text), (name: "Last-Modified", value: HTTPDate.text(lastModified)),
    ]
    (self.bytes, self.contentType, self.entityTag) = (bytes, contentType, entityTag)
    (self.lastModified, self.headers, self.metadata) = (lastModified, headers, metadata)
    partialHeaders = validators + headers + metadata
    let body = [Bytes.Slice(bytes, 0..<bytes.count)]
    whole = Response(status: 200, headers: [type] + partialHeaders, body: body)
    // §15.4.5: "The server generating a 304 response MUST generate any of the following header fields that would have
    // been sent in a 200 (OK) response to the same request: Content-Location, Date, ETag, and Vary; Cache-Control and
    // Expires".
    notModified = Response(status: 304, headers: validators + headers, body: body)
  }

  /// The same content, for caches that obey another Cache-Control.
  func cached(by cacheControl: String) -> Variant {
    let headers = headers.map { $0.name == "Cache-Control" ? (name: $0.name, value: cacheControl) : $0 }
    return Variant(
      bytes, contentType: contentType, entityTag: entityTag, lastModified: lastModified, headers: headers,
      metadata: metadata)
  }

  var length: Int { bytes.count }

  /// 206; or the answer that the Range field leads to instead.
  func answer(_ outcome: ByteRange.Outcome, headers: [(name: String, value: String)]) -> Response {
    switch outcome {
    case .ignored: whole
    case .unsatisfiable:
      // §15.5.17: "A server that generates a 416 response to a byte-range request SHOULD generate a Content-Range
      // header field specifying the current length of the selected representation".
      .text(416, "no such range\n", headers: [(name: "Content-Range", value: "bytes */\(bytes.count)")] + headers)
    case .ranges(let ranges): ranges.count == 1 ? part(ranges[0]) : parts(ranges)
    }
  }

  /// §15.3.7.1
  private func part(_ range: Range<Int>) -> Response {
    let headers = [(name: "Content-Type", value: contentType), (name: "Content-Range", value: contentRange(range))]
    return Response(status: 206, headers: headers + partialHeaders, body: [Bytes.Slice(bytes, range)])
  }

  /// §15.3.7.2: "the server generating the 206 response MUST generate "multipart/byteranges" content … a server MUST
  /// NOT generate a Content-Range header field in the HTTP header section of a multiple part response".
  private func parts(_ ranges: [Range<Int>]) -> Response {
    // A hash of the content, so that the content does not contain the boundary.
    let boundary = "part-\(EntityTag(of: Array(entityTag.text.utf8)).opaque)"
    var body: [Bytes.Slice] = []
    for range in ranges {
      let head = "\r\n--\(boundary)\r\nContent-Type: \(contentType)\r\nContent-Range: \(contentRange(range))\r\n\r\n"
      body += [Bytes.Slice(Array(head.utf8)), Bytes.Slice(bytes, range)]
    }
    body.append(Bytes.Slice(Array("\r\n--\(boundary)--\r\n".utf8)))
    let type = (name: "Content-Type", value: "multipart/byteranges; boundary=\(boundary)")
    return Response(status: 206, headers: [type] + partialHeaders, body: body)
  }

  private func contentRange(_ range: Range<Int>) -> String {
    "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)"
  }
}
