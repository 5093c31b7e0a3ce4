import Testing

@testable import HTTP

@Suite struct RequestHeadTests {
  private static func head(
    _ method: String = "GET", _ target: String = "/a", version: String = "HTTP/1.1",
    headers: [(name: String, value: String)] = [], host: String? = "localhost"
  ) -> RequestHead {
    let host = host.map { [(name: "Host", value: $0)] } ?? []
    return RequestHead(
      method: method, target: Array(target.utf8), version: version, headers: HeaderFields(host + headers))
  }

  private static func status(_ head: RequestHead) -> Int? {
    if case .answered(let response) = head.verdict { response.status } else { nil }
  }

  @Test func `a valid head is a request`() throws {
    guard case .accepted(let request) = Self.head("HEAD", "/a%20b?c=d", headers: [("X", "y")]).verdict else {
      Issue.record("refused")
      return
    }
    #expect(request.method == .head)
    #expect(request.path == "/a b")
    #expect(request.query.map(\.value) == ["d"])
    #expect(request.header("x") == "y")
  }

  @Test func `a target that is malformed or names nothing is refused`() {
    #expect(Self.status(Self.head("GET", "/%zz")) == 400)
    #expect(Self.status(Self.head("GET", "/a\u{0}")) == 400)
    #expect(Self.status(Self.head("GET", "*")) == 400)
    #expect(Self.status(Self.head("GET", "/../a")) == 404)
  }

  @Test func `a client may ask for the options of the server itself`() {
    #expect(Self.status(Self.head("OPTIONS", "*")) == 204)
  }

  @Test func `exactly one Host field is needed`() {
    #expect(Self.status(Self.head(host: nil)) == 400)
    #expect(Self.status(Self.head(headers: [("host", "other")])) == 400)
    #expect(Self.status(Self.head(version: "HTTP/1.0", headers: [("Host", "other")])) == 400)
    #expect(Self.status(Self.head(version: "HTTP/1.0", host: nil)) == nil)
    #expect(Self.status(Self.head(host: "")) == nil)
  }

  /// RFC 9112 §3.2: "… or a Host header field with an invalid field value."
  @Test func `a Host field has the grammar of a host and a port`() {
    for host in ["a b", "<b>", "user@host", "host/", "host:8a", "[::1", "[::1]x", "%zz", "a%2", "\"x\"", "a\\b", "é"] {
      #expect(Self.status(Self.head(host: host)) == 400, "\(host)")
      #expect(Self.status(Self.head("GET", "http://h/", host: host)) == 400, "\(host)")
    }
    for host in ["host", "host:", "host:80", "[::1]:80", "[v1.x]", "a%20b", "a,b", "127.0.0.1:8080", "my_host", ":80"] {
      #expect(Self.status(Self.head(host: host)) == nil, "\(host)")
    }
  }

  /// RFC 9112 §3.2.2
  @Test func `the authority of an absolute form takes the place of the Host field`() throws {
    guard case .accepted(let request) = Self.head("GET", "http://evil.example/status", host: "localhost").verdict,
      case .accepted(let other) = Self.head("GET", "/status", host: "localhost").verdict
    else {
      Issue.record("refused")
      return
    }
    #expect(request.header("Host") == "evil.example" && other.header("Host") == "localhost")
  }

  @Test(arguments: ["Content-Length ", "X\tY", "", "X(", "Å", "X\u{0}"])
  func aFieldNameThatIsNoTokenIsRefused(name: String) {
    #expect(Self.status(Self.head(headers: [(name, "1")])) == 400)
  }

  /// The shapes of request smuggling (RFC 9112 §11.2).
  @Test(arguments: [
    [("Content-Length", "5"), ("Content-Length", "5")], [("Content-Length", "0"), ("content-length", "5")],
    [("Content-Length", "5, 5")], [("Content-Length", "+5")], [("Content-Length", "-1")], [("Content-Length", "")],
    [("Content-Length", "0x5")], [("Content-Length", "5"), ("Transfer-Encoding", "chunked")],
    [("Content-Length", "0"), ("Transfer-Encoding", "chunked")],
  ])
  func `an ambiguous length is refused for every method`(headers: [(String, String)]) {
    for method in ["GET", "POST"] {
      #expect(Self.status(Self.head(method, headers: headers.map { (name: $0, value: $1) })) == 400)
    }
  }

  @Test func `HTTP 1.0 has no transfer coding`() {
    #expect(Self.status(Self.head("POST", version: "HTTP/1.0", headers: [("Transfer-Encoding", "chunked")])) == 400)
  }

  @Test(arguments: [
    [("Content-Length", "1")], [("Content-Length", "99999999999999999999999")], [("Transfer-Encoding", "chunked")],
  ])
  func `content is refused for a method that gives it no meaning`(headers: [(String, String)]) {
    for method in ["GET", "HEAD", "OPTIONS"] {
      #expect(Self.status(Self.head(method, headers: headers.map { (name: $0, value: $1) })) == 413)
    }
  }

  @Test(arguments: [
    ("Content-Length", "1", 1), ("Content-Length", "0012", 12), ("Transfer-Encoding", "chunked", nil),
    ("Content-Length", "99999999999999999999999", .max),
  ])
  func `the handler decides on the content of other methods`(field: String, value: String, length: Int?) {
    for (name, method) in [("POST", Request.Method.other("POST")), ("PUT", .put)] {
      let head = Self.head(name, headers: [(field, value)])
      guard case .acceptedWithContent(let request, length) = head.verdict else {
        Issue.record("not accepted with content")
        return
      }
      #expect(request.method == method && request.content == nil)
    }
  }

  @Test func `a length of zero is no content`() {
    for method in ["GET", "PUT"] {
      guard case .accepted(let request) = Self.head(method, headers: [("Content-Length", "00")]).verdict else {
        Issue.record("not accepted")
        return
      }
      #expect(request.content == [])
    }
  }
}
