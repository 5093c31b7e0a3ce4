/// A representation that is still being written, and its answers to requests: an answer starts at once with the bytes
/// that exist, and continues as more are written.
package struct GrowingRepresentation: Sendable {
  /// The last byte of a range without an end. RFC 8673 §2: a "Very Large Value", which clients send too.
  private static let veryLarge = 9_007_199_254_740_991

  private let body: GrowingBody
  private let headers: [(name: String, value: String)]

  /// - Parameter cacheControl: of the complete content: a cache keeps an answer only if it was received to its end.
  package init(
    _ body: GrowingBody, contentType: String, cacheControl: String, headers: [(name: String, value: String)] = []
  ) {
    self.body = body
    self.headers =
      [(name: "Content-Type", value: contentType), (name: "Cache-Control", value: cacheControl)] + headers
  }

  /// - Parameter everyFrame: whether the listener is sent every frame, and not only whole chunks.
  package func response(to request: Request, everyFrame: Bool = false) -> Response {
    func growth(from: Int, to: Int) -> Growth { Growth(body: body, from: from, to: to, wantsEveryFrame: everyFrame) }
    switch request.method {
    case .put, .other: return .methodNotAllowed
    case .options:
      return headers.contains { $0.name == "Access-Control-Allow-Origin" } ? CORS.preflight : .options
    case .head: return Response(status: 200, headers: headers)
    case .get: break
    }
    // If-Range needs a strong validator, and there is none before the end.
    guard request.header("If-Range") == nil, let field = request.header("Range"),
      case .ranges(let ranges) = ByteRange.parse(field, length: Self.veryLarge + 1), ranges.count == 1
    else { return Response(status: 200, headers: headers, growing: growth(from: 0, to: .max)) }

    let range = ranges[0]
    // A suffix range has no place yet: it would start near the very large value.
    guard range.lowerBound < body.capacity else {
      return Response(status: 200, headers: headers, growing: growth(from: 0, to: .max))
    }
    // RFC 8673 §2.2: the answer repeats the range of the request; the complete length is unknown.
    let content = (name: "Content-Range", value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/*")
    return Response(
      status: 206, headers: headers + [content], growing: growth(from: range.lowerBound, to: range.upperBound))
  }
}

/// A part of a growing body, as the content of an answer.
package struct Growth: Sendable {
  let body: GrowingBody
  let from: Int
  let to: Int
  /// Whether the listener is sent every frame.
  var wantsEveryFrame = false
  /// The group of answers that it is sent on with; see `Server.sendOn`.
  var channel = 0
}
