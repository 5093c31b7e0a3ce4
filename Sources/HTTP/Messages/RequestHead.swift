/// The head of a request as the client sent it, and the checks before any handler sees the request.
struct RequestHead {
  enum Verdict {
    case accepted(Request)
    /// The content is read only if the handler asks for it.
    /// - Parameter length: bytes of content; nil if only the end of the content will tell.
    case acceptedWithContent(Request, length: Int?)
    /// The server answers by itself, and then closes the connection.
    case answered(Response)
  }

  let method: String
  let target: ArraySlice<UInt8>
  let version: String
  let headers: HeaderFields
  var client: Client

  init(
    method: String, target: ArraySlice<UInt8>, version: String, headers: HeaderFields, client: Client = Client()
  ) {
    self.method = method
    self.target = target
    self.version = version
    self.headers = headers
    self.client = client
  }

  init(method: String, target: [UInt8], version: String, headers: HeaderFields, client: Client = Client()) {
    self.init(method: method, target: target[...], version: version, headers: headers, client: client)
  }

  /// The request line, for the access log.
  var line: RequestLine { RequestLine(method: method, target: Array(target), version: version) }

  /// RFC 9112 §2.5: a version of which only the minor number differs is read as the newest of its major number.
  var isVersion10: Bool { version == "HTTP/1.0" }

  /// Whether the client keeps the connection open for another request (RFC 9112 §9.3).
  var keepsConnection: Bool {
    guard let options = headers.joined("Connection") else { return !isVersion10 }
    // Nearly all clients send nothing else.
    if options == "keep-alive" || options == "Keep-Alive" { return true }
    if options == "close" { return false }
    var keeps = !isVersion10
    for option in Substring(options).utf8.listElements {
      if option.equalsIgnoringCase("close") { return false }
      if option.equalsIgnoringCase("keep-alive") { keeps = true }
    }
    return keeps
  }

  /// Whether the client waits for a 100 before it sends the content (RFC 9110 §10.1.1).
  var expectsContinue: Bool {
    !isVersion10 && headers.joined("Expect")?.equalsIgnoringCase("100-continue") == true
  }

  var verdict: Verdict {
    var cache = TargetCache()
    return verdict(&cache)
  }

  /// - Parameter targets: the targets that were read lately.
  func verdict(_ targets: inout TargetCache) -> Verdict {
    // RFC 9112 §5.1: "A server MUST reject, with a response status code of 400 (Bad Request), any received request
    // message that contains whitespace between a header field name and colon."
    guard headers.namesAreTokens else { return .answered(.badRequest("malformed header field name")) }

    // RFC 9112 §2.2: "A recipient of such a bare CR MUST consider that element to be invalid or replace each bare CR with
    // SP before processing the element".
    guard headers.valuesAreLines else { return .answered(.badRequest("malformed header field")) }

    // RFC 9112 §3.2: "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that
    // lacks a Host header field and to any request message that contains more than one Host header field line …
    let hosts = headers.count(of: "Host")
    guard hosts == 1 || hosts == 0 && version == "HTTP/1.0" else {
      return .answered(.badRequest("exactly one Host header field is needed"))
    }
    // "… or a Host header field with an invalid field value."
    if hosts == 1, let host = headers.bytes(of: "Host"), !HostField.isValid(host) {
      return .answered(.badRequest("malformed Host header field"))
    }

    let framing = framing
    if case .ambiguous = framing { return .answered(.badRequest("ambiguous message length")) }

    let method = Request.Method(self.method)
    // RFC 9110 §9.3.7: "it does nothing beyond allowing the client to test the capabilities of the server".
    if method == .options && target.elementsEqual("*".utf8) { return .answered(.options) }
    let target: RequestTarget
    do {
      target = try targets.target(self.target)
    } catch {
      switch error {
      case .malformed: return .answered(.badRequest("malformed request target"))
      case .unnameable: return .answered(.notFound)
      }
    }
    var headers = headers
    // RFC 9112 §3.2.2: "When an origin server receives a request with an absolute-form of request-target, the origin server
    // MUST ignore the received Host header field (if any) and instead use the host information of the request-target."
    if let authority = target.authority { headers.replace("Host", by: authority) }
    var request = Request(
      method: method, path: target.path, query: target.query, queryBytes: target.queryBytes, headers: headers,
      client: client)
    guard case .content(let length) = framing else { return .accepted(request) }
    request.content = nil
    switch method {
    case .put, .other: return .acceptedWithContent(request, length: length)
    case .get, .head, .options: break
    }
    // RFC 9110 §9.3.1: "content received in a GET request has no generally defined semantics … and might lead some
    // implementations to reject the request and close the connection because of its potential as a request smuggling
    // attack".
    return .answered(.text(413, "content is not accepted here\n"))
  }

  private enum Framing {
    case none, ambiguous
    /// - Parameter length: bytes; nil if only the end of the content will tell.
    case content(length: Int?)
  }

  /// If two readers disagree on the length of a message, one of them may take its content for the next request
  /// (RFC 9112 §11.2).
  private var framing: Framing {
    let hasCoding = headers.count(of: "Transfer-Encoding") > 0
    if !hasCoding, headers.count(of: "Content-Length") == 0 { return .none }
    let lengths = headers["Content-Length"]
    if hasCoding {
      // RFC 9112 §6.3: "If a message is received with both a Transfer-Encoding and a Content-Length header field … Such
      // a message might indicate an attempt to perform request smuggling … and ought to be handled as an error." §6.1:
      // "A client MUST NOT send a request containing Transfer-Encoding unless it knows the server will handle
      // HTTP/1.1".
      // No other transfer coding is known here; §6.1 calls for 501, and for a request whose end cannot be found §6.3
      // calls for 400.
      let isChunked = headers.joined("Transfer-Encoding")?.equalsIgnoringCase("chunked") == true
      return isChunked && lengths.isEmpty && !isVersion10 ? .content(length: nil) : .ambiguous
    }
    guard let length = lengths.first else { return .none }
    guard lengths.count == 1, !length.isEmpty, length.utf8.allSatisfy(\.isDigit) else { return .ambiguous }
    // A length with too many digits for an Int is too long in any case.
    let bytes = Int(length) ?? .max
    return bytes == 0 ? .none : .content(length: bytes)
  }
}
