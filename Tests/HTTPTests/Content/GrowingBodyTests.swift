import HTTP
import Testing

@Suite struct GrowingBodyTests {
  @Test func `holds what was appended, in order`() {
    let body = GrowingBody(capacity: 10)
    #expect(body.count == 0 && body.array.isEmpty && !body.isFinished)
    body.append([1, 2, 3])
    body.append([9, 4, 5, 9][1...2])
    #expect(body.array == [1, 2, 3, 4, 5])
    body.finish()
    #expect(body.isFinished && body.count == 5 && body.capacity == 10)
  }
}

@Suite struct GrowingRepresentationTests {
  private let body = GrowingBody(capacity: 1000)

  private func response(
    _ headers: [(name: String, value: String)] = [], method: Request.Method = .get
  ) -> Response {
    GrowingRepresentation(body, contentType: "audio/mpeg", cacheControl: "max-age=60", headers: CORS.headers)
      .response(to: Request(method: method, path: "/", headers: headers))
  }

  @Test func `a plain request gets the whole as it comes, without a length or a validator`() {
    let response = response()
    #expect(response.status == 200 && response.growing != nil)
    #expect(response.header("ETag") == nil && response.header("Content-Range") == nil)
    #expect(response.header("Cache-Control") == "max-age=60")
  }

  @Test(arguments: [
    // RFC 8673 §2.2: the client's very large value comes back, and the complete length is unknown.
    ("bytes=100-9007199254740991", "bytes 100-9007199254740991/*"),
    // The open end of a preload hint's range.
    ("bytes=100-", "bytes 100-9007199254740991/*"), ("bytes=0-", "bytes 0-9007199254740991/*"),
    ("bytes=0-99", "bytes 0-99/*"), ("bytes=7-7", "bytes 7-7/*"),
  ])
  func `a range of what is still to come is answered as it was asked for`(range: String, content: String) {
    let response = response([(name: "Range", value: range)])
    #expect(response.status == 206 && response.growing != nil)
    #expect(response.header("Content-Range") == content)
  }

  @Test(arguments: ["bytes=-100", "bytes=0-1,5-6", "bytes=9-1", "frames=0-", "bytes=5000-"])
  func `what has no place yet, or no meaning, is ignored`(range: String) {
    let response = response([(name: "Range", value: range)])
    #expect(response.status == 200 && response.header("Content-Range") == nil)
  }

  @Test func `no validator matches, so that If-Range gets the whole`() {
    #expect(response([(name: "Range", value: "bytes=5-"), (name: "If-Range", value: "\"x\"")]).status == 200)
  }

  @Test func `other methods are answered as for any media`() {
    #expect(response(method: .head).status == 200 && response(method: .head).growing == nil)
    #expect(response(method: .options).status == 204)
    #expect(response(method: .other("PUT")).status == 405)
  }
}
