import Glibc
import Testing

@testable import HTTP

/// The answers to requests for a file.
@Suite struct FileRepresentationTests {
  private let file: TestFile
  private let representation: FileRepresentation

  init() throws {
    file = try TestFile(Array("0123456789".utf8))
    // Sun, 06 Nov 1994 08:49:37 GMT
    file.setModified(seconds: 784_111_777, nanoseconds: 500)
    representation = FileRepresentation(
      try FileContent(path: file.path), contentType: "audio/mpeg", cacheControl: "no-cache", headers: CORS.headers)
  }

  private func response(_ method: Request.Method = .get, _ headers: (String, String)...) -> Response {
    representation.response(
      to: Request(method: method, path: "/", headers: headers.map { (name: $0.0, value: $0.1) }), now: 800_000_000)
  }

  @Test(arguments: [Request.Method.get, .head])
  func `the whole file has its validators`(method: Request.Method) {
    let response = response(method)
    #expect(response.status == 200 && response.file?.range == 0..<10 && response.contentLength == 10)
    #expect(response.header("Content-Type") == "audio/mpeg" && response.header("Cache-Control") == "no-cache")
    #expect(response.header("Accept-Ranges") == "bytes" && response.header("Access-Control-Allow-Origin") == "*")
    #expect(response.header("Last-Modified") == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(response.header("ETag") == "\"a-2ebc98a1-1f4\"")
  }

  @Test func `a file that changed has another entity tag`() throws {
    let before = response().header("ETag")
    file.setModified(seconds: 784_111_777, nanoseconds: 501)
    let after = FileRepresentation(
      try FileContent(path: file.path), contentType: "audio/mpeg", cacheControl: "no-cache")
    #expect(after.response(to: Request(method: .get, path: "/")).header("ETag") != before)
  }

  @Test(arguments: [
    ("bytes=2-4", 2..<5), ("bytes=0-0", 0..<1), ("bytes=7-", 7..<10), ("bytes=7-99", 7..<10), ("bytes=-3", 7..<10),
  ])
  func `one range is answered with its bytes`(field: String, range: Range<Int>) {
    let response = response(.get, ("Range", field))
    #expect(response.status == 206 && response.file?.range == range && response.contentLength == range.count)
    #expect(response.header("Content-Range") == "bytes \(range.lowerBound)-\(range.upperBound - 1)/10")
    #expect(response.header("Content-Type") == "audio/mpeg" && response.header("ETag") != nil)
  }

  @Test(arguments: ["bytes=0-0,5-5", "bytes=5-2", "lines=1-2", "bytes"])
  func `several ranges, and what is no range, are ignored`(field: String) {
    let response = response(.get, ("Range", field))
    #expect(response.status == 200 && response.file?.range == 0..<10 && response.header("Content-Range") == nil)
  }

  @Test(arguments: ["bytes=10-", "bytes=-0"])
  func `a range behind the end is answered with the length`(field: String) {
    let response = response(.get, ("Range", field))
    #expect(response.status == 416 && response.header("Content-Range") == "bytes */10" && response.file == nil)
  }

  @Test func `HEAD ignores a range`() {
    #expect(response(.head, ("Range", "bytes=2-4")).status == 200)
  }

  @Test func `If-Range decides whether the range counts`() throws {
    let tag = try #require(response().header("ETag"))
    #expect(response(.get, ("Range", "bytes=2-4"), ("If-Range", tag)).status == 206)
    for other in ["\"other\"", "W/\(tag)", "Sun, 06 Nov 1994 08:49:37 GMT"] {
      #expect(response(.get, ("Range", "bytes=2-4"), ("If-Range", other)).status == 200)
    }
  }

  @Test func `a client that has the file already is told so`() throws {
    let tag = try #require(response().header("ETag"))
    for condition in [("If-None-Match", tag), ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")] {
      let response = response(.get, condition, ("Range", "bytes=2-4"))
      #expect(response.status == 304 && response.header("ETag") == tag && response.contentLength == 10)
    }
    #expect(response(.get, ("If-Match", "\"other\"")).status == 412)
    #expect(response(.get, ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT")).status == 200)
  }

  @Test func `other methods are refused`() {
    #expect(response(.put).status == 405 && response(.other("POST")).status == 405)
    #expect(response(.options).status == 204)
  }

  @Test func `an empty file has no range`() throws {
    let empty = try TestFile([])
    let representation = FileRepresentation(
      try FileContent(path: empty.path), contentType: "audio/mpeg", cacheControl: "no-cache")
    let response = representation.response(
      to: Request(method: .get, path: "/", headers: [(name: "Range", value: "bytes=0-")]))
    #expect(response.status == 200 && response.contentLength == 0)
  }

  @Test func `only regular files are opened, and no link is followed`() throws {
    let link = file.path + ".link"
    #expect(symlink(file.path, link) == 0)
    defer { unlink(link) }
    let pipe = file.path + ".pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    for path in [link, pipe, "/tmp", file.path + ".none"] {
      #expect(throws: (any Error).self) { try FileContent(path: path) }
    }
  }
}
