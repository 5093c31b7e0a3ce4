import Synchronization

/// An immutable answer: one instance may be on its way to any number of clients at once.
///
/// The server adds Date, Content-Length and Connection. The body of a 304 or of an answer to HEAD is not sent, but its
/// length is: RFC 9110 §8.6 wants the length to be "the decimal number of octets that would have been sent in the
/// content of a 200 (OK) response to the same request".
package final class Response: Sendable {
  package let status: Int
  package let headers: [(name: String, value: String)]
  /// The content, in pieces that follow one another.
  package let body: [Bytes.Slice]
  /// Content that is still being written, instead of `body`.
  package let growing: Growth?
  /// Content without an end, instead of `body`.
  package let endless: Endless?
  let onEnd: (@Sendable () -> Void)?
  private let slot = AtomicLazyReference<PreparedResponse>()

  package convenience init(
    status: Int, headers: [(name: String, value: String)] = [], body: [Bytes.Slice] = [], growing: Growth? = nil,
    endless: Endless? = nil
  ) {
    self.init(status: status, headers: headers, body: body, growing: growing, endless: endless, onEnd: nil)
  }

  private init(
    status: Int, headers: [(name: String, value: String)], body: [Bytes.Slice], growing: Growth?, endless: Endless?,
    onEnd: (@Sendable () -> Void)?
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.growing = growing
    self.endless = endless
    self.onEnd = onEnd
  }

  /// The same answer for one client.
  /// - Parameter onEnd: called once, on a thread of the server, when the answer is sent or given up.
  package func ending(_ onEnd: @escaping @Sendable () -> Void) -> Response {
    Response(status: status, headers: headers, body: body, growing: growing, endless: endless, onEnd: onEnd)
  }

  /// The same answer, sent with the other answers of a channel; see `Server.sendOn`.
  package func on(channel: Int) -> Response {
    guard channel != 0, growing != nil || endless != nil else { return self }
    var (growing, endless) = (growing, endless)
    growing?.channel = channel
    endless?.channel = channel
    return Response(status: status, headers: headers, body: body, growing: growing, endless: endless, onEnd: onEnd)
  }

  /// The same answer with more header fields.
  package func adding(_ fields: [(name: String, value: String)]) -> Response {
    if fields.isEmpty { return self }
    return Response(
      status: status, headers: headers + fields, body: body, growing: growing, endless: endless, onEnd: onEnd)
  }

  /// A short text, for a status that needs an explanation.
  package static func text(_ status: Int, _ text: String, headers: [(name: String, value: String)] = []) -> Response {
    // Without Cache-Control, a cache may keep a 404 for any time (RFC 9110 §15.1).
    let standard = [
      (name: "Content-Type", value: "text/plain; charset=utf-8"), (name: "Cache-Control", value: "no-store"),
    ]
    return Response(status: status, headers: standard + headers, body: [Bytes.Slice(Array(text.utf8))])
  }

  package static let notFound = text(404, "not found\n")

  /// RFC 9110 §15.5.6: "The origin server MUST generate an Allow header field in a 405 response containing a list of
  /// the target resource's currently supported methods."
  package static let methodNotAllowed = methodNotAllowed(but: "GET, HEAD, OPTIONS")

  /// - Parameter methods: the value of the Allow field.
  package static func methodNotAllowed(but methods: String) -> Response {
    text(405, "only \(methods)\n", headers: [(name: "Allow", value: methods)])
  }

  /// The answer to OPTIONS for a resource that the pages of other sites may not read.
  package static let options = Response(status: 204, headers: [(name: "Allow", value: "GET, HEAD, OPTIONS")])

  /// The answer to a client over the limit of connections.
  static let full = text(503, "the server is full\n", headers: [(name: "Retry-After", value: "10")])

  /// RFC 9110 §15.5.12: "the server refuses to accept the request without a defined Content-Length".
  static let lengthRequired = text(411, "Content-Length is needed\n")

  static func contentTooLarge(_ limit: Int) -> Response { text(413, "the content must have at most \(limit) bytes\n") }

  static func badRequest(_ reason: String) -> Response { text(400, "\(reason)\n") }

  package func header(_ name: String) -> String? {
    headers.first { $0.name.equalsIgnoringCase(name) }?.value
  }

  /// The form that the server sends; made at the first use and kept.
  var prepared: PreparedResponse {
    slot.load() ?? slot.storeIfNil(PreparedResponse(self))
  }

  /// The most bytes of content; 0 for an endless content.
  var capacity: Int { growing?.body.capacity ?? body.reduce(0) { $0 + $1.range.count } }

  /// The content in one piece.
  package var content: [UInt8] {
    body.flatMap { slice in slice.bytes.withUnsafeBytes { Array($0[slice.range]) } }
  }
}
