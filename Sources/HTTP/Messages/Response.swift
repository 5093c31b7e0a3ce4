import Synchronization

/// An immutable answer: one instance may be on its way to any number of clients at once.
///
/// The server adds Date, Content-Length and Connection. The content of a 304 or of an answer to HEAD is not sent, but its
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
  /// Content that lies in a file, instead of `body`.
  package let file: FileContent.Slice?
  let onEnd: (@Sendable () -> Void)?
  /// Shared with the copies of this answer that have the same header fields.
  private let slot: SharedHead

  package convenience init(
    status: Int, headers: [(name: String, value: String)] = [], body: [Bytes.Slice] = [], growing: Growth? = nil,
    endless: Endless? = nil, file: FileContent.Slice? = nil, encoding: FieldEncoding = .utf8
  ) {
    self.init(
      status: status, headers: headers, content: (body, growing, endless, file), onEnd: nil,
      slot: SharedHead(encoding: encoding))
  }

  private init(
    status: Int, headers: [(name: String, value: String)],
    content: (body: [Bytes.Slice], growing: Growth?, endless: Endless?, file: FileContent.Slice?),
    onEnd: (@Sendable () -> Void)?, slot: SharedHead
  ) {
    self.status = status
    self.headers = headers
    (body, growing, endless, file) = content
    self.onEnd = onEnd
    self.slot = slot
  }

  /// The same answer for one client.
  /// - Parameter onEnd: called once, on a thread of the server, when the answer is sent or given up.
  package func ending(_ onEnd: @escaping @Sendable () -> Void) -> Response {
    Response(status: status, headers: headers, content: (body, growing, endless, file), onEnd: onEnd, slot: slot)
  }

  /// The same answer, sent with the other answers of a channel; see `Server.sendOn`.
  package func on(channel: Int) -> Response {
    guard channel != 0, growing != nil || endless != nil else { return self }
    var (growing, endless) = (growing, endless)
    growing?.channel = channel
    endless?.channel = channel
    return Response(status: status, headers: headers, content: (body, growing, endless, file), onEnd: onEnd, slot: slot)
  }

  /// The same answer, which ends early if the cutoff says so. Only an endless content can.
  package func until(_ cutoff: Cutoff) -> Response {
    var endless = endless
    endless?.cutoff = cutoff
    return Response(status: status, headers: headers, content: (body, growing, endless, file), onEnd: onEnd, slot: slot)
  }

  /// The same answer with more header fields.
  package func adding(_ fields: [(name: String, value: String)]) -> Response {
    if fields.isEmpty { return self }
    return Response(
      status: status, headers: headers + fields, content: (body, growing, endless, file), onEnd: onEnd,
      slot: SharedHead(encoding: encoding))
  }

  /// The same answer with another value of a header field.
  package func replacing(_ name: String, by value: String) -> Response {
    let fields = headers.map { $0.name.equalsIgnoringCase(name) ? (name: $0.name, value: value) : $0 }
    return Response(
      status: status, headers: fields, content: (body, growing, endless, file), onEnd: onEnd,
      slot: SharedHead(encoding: encoding))
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

  /// The answer to a request over the limit of its address.
  static let crowded = text(
    503, "too many connections from this address\n", headers: [(name: "Retry-After", value: "10")])

  /// RFC 9110 §15.5.12: "the server refuses to accept the request without a defined Content-Length".
  static let lengthRequired = text(411, "Content-Length is needed\n")

  static func contentTooLarge(_ limit: Int) -> Response { text(413, "the content must have at most \(limit) bytes\n") }

  static func badRequest(_ reason: String) -> Response { text(400, "\(reason)\n") }

  package func header(_ name: String) -> String? {
    headers.first { $0.name.equalsIgnoringCase(name) }?.value
  }

  /// The encoding of the header fields for HTTP/1.1.
  var encoding: FieldEncoding { slot.encoding }

  /// The head that HTTP/1.1 sends; made at the first use and kept.
  var prepared: PreparedHead {
    slot.head { PreparedHead(self) }
  }

  /// The most bytes of content in memory; 0 for an endless content and for a file.
  var capacity: Int { growing?.body.capacity ?? bodyLength }

  /// Whether the content in memory is so long that a client gets the content in several turns, and that the deadline of the
  /// answer moves with the bytes that the client takes.
  var isLong: Bool { bodyLength > FileDelivery.slice }

  /// The most bytes that the client may take within the first deadline.
  var firstDue: Int { isLong ? 0 : capacity }

  /// Bytes of content; nil where they are not known when the head is sent, and where the status has no content (RFC 9110
  /// §8.6).
  var contentLength: Int? {
    if growing != nil || endless != nil || status < 200 || status == 204 { return nil }
    return file?.range.count ?? bodyLength
  }

  /// Whether there is content that can be sent at once.
  var hasContentNow: Bool {
    if let growing { return growing.body.count > growing.from }
    if let endless { return endless.place.link.body.count > endless.place.position }
    return true
  }

  /// The list in which the answer waits for its content to grow; nil for content that does not grow.
  var followers: FollowerList? {
    if let growing { return growing.wantsEveryFrame ? .everyFrame(growing.channel) : .chunks(growing.channel) }
    return endless.map { .endless($0.channel) }
  }

  /// The most bytes of content that may still be written; nil if all are.
  var unwritten: Int? {
    let body: (any Growing)? = growing?.body ?? endless?.body
    return body.flatMap { $0.isFinished ? nil : $0.capacity }
  }

  private var bodyLength: Int { body.reduce(0) { $0 + $1.range.count } }

  /// The content in one piece.
  package var content: [UInt8] {
    body.flatMap { slice in slice.bytes.withUnsafeBytes { Array($0[slice.range]) } }
  }
}

/// The encoding of the header fields' values. HTTP/2 always sends UTF-8.
package enum FieldEncoding: Sendable {
  case utf8
  /// RFC 9110 §5.5: "Historically, HTTP allowed field content with text in the ISO-8859-1 charset". Each character must
  /// be one of that charset.
  case latin1
}

/// A head that several responses share, made at the first use.
final class SharedHead: Sendable {
  let encoding: FieldEncoding
  private let head = Atomic<Unmanaged<PreparedHead>?>(nil)

  init(encoding: FieldEncoding) {
    self.encoding = encoding
  }

  deinit {
    head.load(ordering: .acquiring)?.release()
  }

  /// The head; `make` is called by the first threads that ask.
  func head(_ make: () -> PreparedHead) -> PreparedHead {
    if let head = head.load(ordering: .acquiring) { return head.takeUnretainedValue() }
    let made = Unmanaged.passRetained(make())
    let (isFirst, earlier) = head.compareExchange(expected: nil, desired: made, ordering: .acquiringAndReleasing)
    if isFirst { return made.takeUnretainedValue() }
    made.release()
    return earlier!.takeUnretainedValue()
  }
}
