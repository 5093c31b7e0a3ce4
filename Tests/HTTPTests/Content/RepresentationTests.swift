import Testing

@testable import HTTP

@Suite struct RepresentationTests {
  private static let digits = Array("0123456789".utf8)
  private static let media = Representation(
    digits, contentType: "audio/mpeg", cacheControl: "max-age=60",
    validators: .init(lastModified: 784_111_777, entityTag: "seven"), features: .ranges, headers: CORS.headers)
  private static let lines = Array(String(repeating: "#EXTINF:2.0,\n", count: 50).utf8)
  private static let text = Representation(
    lines, contentType: "text/plain", cacheControl: "no-cache", validators: .init(lastModified: 784_111_777),
    features: .compressed)

  private static func request(_ method: Request.Method = .get, _ headers: (String, String)...) -> Request {
    Request(method: method, path: "/", headers: headers.map { (name: $0.0, value: $0.1) })
  }

  private static func lines(_ response: Response) -> [String] {
    response.headers.map { "\($0.name): \($0.value)" }
  }

  private static let exposed = """
    Access-Control-Expose-Headers: Accept-Ranges, Age, Content-Encoding, Content-Length, Content-Range, Date, ETag, \
    Icy-Br, Icy-MetaInt, Icy-Name
    """

  @Test func `the whole answer is built once`() {
    let response = Self.media.response(to: Self.request())
    #expect(response.status == 200)
    #expect(
      Self.lines(response) == [
        "Content-Type: audio/mpeg", "ETag: \"seven\"", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
        "Cache-Control: max-age=60", "Access-Control-Allow-Origin: *", Self.exposed, "Accept-Ranges: bytes",
      ])
    #expect(response.content == Self.digits)
    #expect(Self.media.response(to: Self.request()) === response)
    #expect(Self.media.response(to: Self.request(.head)) === response)
  }

  @Test func `one range is a part`() {
    let response = Self.media.response(to: Self.request(.get, ("Range", "bytes=2-4")))
    #expect(response.status == 206)
    #expect(
      Self.lines(response) == [
        "Content-Type: audio/mpeg", "Content-Range: bytes 2-4/10", "ETag: \"seven\"",
        "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT", "Cache-Control: max-age=60", "Access-Control-Allow-Origin: *",
        Self.exposed, "Accept-Ranges: bytes",
      ])
    #expect(response.content == Array("234".utf8))
  }

  @Test func `a part is not copied`() {
    let response = Self.media.response(to: Self.request(.get, ("Range", "bytes=2-4")))
    #expect(response.body[0].bytes === Self.media.response(to: Self.request()).body[0].bytes)
  }

  @Test func `several ranges are a multipart answer`() throws {
    let response = Self.media.response(to: Self.request(.get, ("Range", "bytes=0-1, -3")))
    #expect(response.status == 206)
    #expect(response.header("Content-Range") == nil)
    let type = try #require(response.header("Content-Type"))
    #expect(type.hasPrefix("multipart/byteranges; boundary="))
    let boundary = type.drop { $0 != "=" }.dropFirst()
    // RFC 2046 §5.1.1: what a boundary may be made of unquoted, and its length.
    #expect(
      boundary.utf8.count <= 70 && boundary.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    #expect(
      String(decoding: response.content, as: UTF8.self)
        == [
          "", "--\(boundary)", "Content-Type: audio/mpeg", "Content-Range: bytes 0-1/10", "", "01",
          "--\(boundary)", "Content-Type: audio/mpeg", "Content-Range: bytes 7-9/10", "", "789",
          "--\(boundary)--", "",
        ].joined(separator: "\r\n"))
  }

  @Test func `the answer to an unsatisfiable range tells the length`() {
    let response = Self.media.response(to: Self.request(.get, ("Range", "bytes=10-")))
    #expect(response.status == 416)
    #expect(response.header("Content-Range") == "bytes */10")
    #expect(response.header("Access-Control-Allow-Origin") == "*")
  }

  @Test(arguments: ["bytes=2-1", "seconds=0-1", "bytes=0-,0-", "nonsense"])
  func `an ignored range gets the whole content`(field: String) {
    #expect(Self.media.response(to: Self.request(.get, ("Range", field))).status == 200)
  }

  /// RFC 9110 §14.2: "A server MUST ignore a Range header field received with a request method that is unrecognized or
  /// for which range handling is not defined. For this specification, GET is the only method for which range handling
  /// is defined."
  @Test func `HEAD has no ranges`() {
    #expect(Self.media.response(to: Self.request(.head, ("Range", "bytes=0-1"))).status == 200)
  }

  @Test func `conditions are evaluated before ranges`() {
    let range = ("Range", "bytes=99-")
    #expect(Self.media.response(to: Self.request(.get, range, ("If-None-Match", "\"seven\""))).status == 304)
    #expect(Self.media.response(to: Self.request(.get, range, ("If-Match", "\"six\""))).status == 412)
    #expect(Self.media.response(to: Self.request(.get, range, ("If-Range", "\"six\""))).status == 200)
    #expect(Self.media.response(to: Self.request(.get, range, ("If-Range", "\"seven\""))).status == 416)
    let part = Self.media.response(to: Self.request(.get, ("Range", "bytes=1-1"), ("If-Range", "\"seven\"")))
    #expect(part.content == Array("1".utf8))
  }

  @Test func `a 304 has the header fields that a cache needs`() {
    let request = Self.request(.get, ("If-None-Match", "W/\"seven\""))
    let response = Self.media.response(to: request)
    #expect(response.status == 304)
    #expect(
      Self.lines(response) == [
        "ETag: \"seven\"", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT", "Cache-Control: max-age=60",
        "Access-Control-Allow-Origin: *", Self.exposed,
      ])
    #expect(Self.media.response(to: request) === response)
    #expect(Self.media.response(to: Self.request(.head, ("If-None-Match", "\"seven\""))) === response)
  }

  @Test func `gzip is a variant with its own entity tag`() throws {
    let plain = Self.text.response(to: Self.request())
    let zipped = Self.text.response(to: Self.request(.get, ("Accept-Encoding", "gzip")))
    #expect(plain.header("Content-Encoding") == nil)
    #expect(zipped.header("Content-Encoding") == "gzip")
    #expect(plain.header("Vary") == "Accept-Encoding" && zipped.header("Vary") == "Accept-Encoding")
    #expect(plain.content == Self.lines)
    #expect(gunzipped(zipped.content) == Self.lines)
    let (plainTag, zippedTag) = (try #require(plain.header("ETag")), try #require(zipped.header("ETag")))
    #expect(plainTag != zippedTag && !zippedTag.hasPrefix("W/"))

    let known = Self.text.response(to: Self.request(.get, ("Accept-Encoding", "gzip"), ("If-None-Match", zippedTag)))
    #expect(known.status == 304 && known.header("ETag") == zippedTag && known.header("Vary") == "Accept-Encoding")
    let other = Self.text.response(to: Self.request(.get, ("Accept-Encoding", "gzip"), ("If-None-Match", plainTag)))
    #expect(other.status == 200)
  }

  @Test func `a representation without ranges ignores the field`() {
    for encoding in ["gzip", "identity"] {
      let response = Self.text.response(
        to: Self.request(.get, ("Range", "bytes=0-"), ("If-Range", "\"x\""), ("Accept-Encoding", encoding)))
      #expect(response.status == 200)
      #expect(response.header("Accept-Ranges") == nil && response.header("Content-Range") == nil)
    }
  }

  @Test func `a part is never compressed`() {
    let both = Representation(
      Self.lines, contentType: "text/plain", cacheControl: "no-cache", validators: .init(lastModified: 0),
      features: [.ranges, .compressed])
    let part = both.response(to: Self.request(.get, ("Range", "bytes=0-0"), ("Accept-Encoding", "gzip")))
    #expect(part.status == 206)
    #expect(part.header("Content-Encoding") == nil)
    #expect(part.header("Vary") == "Accept-Encoding")
    #expect(part.content == Array("#".utf8))
  }

  @Test func `media is never negotiated`() {
    let response = Self.media.response(to: Self.request(.get, ("Accept-Encoding", "gzip, *;q=0")))
    #expect(response.status == 200)
    #expect(response.header("Content-Encoding") == nil && response.header("Vary") == nil)
  }

  @Test func `a request that no variant satisfies gets 406`() {
    #expect(Self.text.response(to: Self.request(.get, ("Accept-Encoding", "br, *;q=0"))).status == 406)
  }

  @Test func `OPTIONS tells the methods of the resource`() {
    let open = Self.media.response(to: Self.request(.options))
    #expect(open.status == 204 && open.header("Access-Control-Allow-Origin") == "*")
    #expect(open.header("Access-Control-Allow-Headers")?.contains("Range") == true)
    let closed = Self.text.response(to: Self.request(.options))
    #expect(closed.status == 204 && closed.header("Access-Control-Allow-Origin") == nil)
    #expect(open.header("Allow") == "GET, HEAD, OPTIONS" && closed.header("Allow") == "GET, HEAD, OPTIONS")
    #expect(open.body.isEmpty && closed.body.isEmpty)
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "TRACE", "get"])
  func `other methods are not allowed`(method: String) {
    let response = Self.media.response(to: Self.request(.other(method)))
    #expect(response.status == 405)
    #expect(response.header("Allow") == "GET, HEAD, OPTIONS")
  }

  @Test func `an empty representation has a whole answer`() {
    let empty = Representation(
      [], contentType: "text/plain", cacheControl: "no-cache", validators: .init(lastModified: 0),
      features: [.ranges, .compressed])
    #expect(empty.response(to: Self.request(.get, ("Range", "bytes=0-"))).status == 200)
    #expect(gunzipped(empty.response(to: Self.request(.get, ("Accept-Encoding", "gzip"))).content) == [])
  }
}
