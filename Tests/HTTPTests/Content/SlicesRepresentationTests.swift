import Testing

@testable import HTTP

@Suite struct SlicesRepresentationTests {
  private let representation = SlicesRepresentation(
    [
      Bytes.Slice(Array("01".utf8)), Bytes.Slice(Bytes(Array("xx2345xx".utf8)), 2..<6), Bytes.Slice(Array("6789".utf8)),
    ], contentType: "audio/mpeg", cacheControl: "no-cache", entityTag: "tag", lastModified: 784_111_777)

  private func response(_ method: Request.Method = .get, _ headers: (String, String)...) -> Response {
    representation.response(
      to: Request(method: method, path: "/", headers: headers.map { (name: $0.0, value: $0.1) }), now: 800_000_000)
  }

  @Test func `the whole content is the slices joined`() {
    let response = response()
    #expect(response.status == 200 && response.content == Array("0123456789".utf8))
    #expect(response.header("ETag") == "\"tag\"" && response.header("Accept-Ranges") == "bytes")
    #expect(self.response(.head).contentLength == 10)
  }

  @Test(arguments: [
    ("bytes=0-1", "01"), ("bytes=1-2", "12"), ("bytes=3-7", "34567"), ("bytes=-3", "789"), ("bytes=0-", "0123456789"),
  ])
  func `a range goes across the slices`(field: String, text: String) {
    let response = response(.get, ("Range", field))
    #expect(response.status == 206 && response.content == Array(text.utf8))
    #expect(response.contentLength == text.utf8.count)
  }

  @Test func `a range behind the content, a known copy and other methods have their answers`() {
    #expect(response(.get, ("Range", "bytes=10-")).status == 416)
    #expect(response(.get, ("If-None-Match", "\"tag\"")).status == 304)
    #expect(response(.get, ("If-Match", "\"other\"")).status == 412)
    #expect(response(.put).status == 405 && response(.options).status == 204)
    #expect(response(.get, ("Range", "bytes=0-1"), ("If-Range", "\"other\"")).status == 200)
  }
}
