import Testing

@testable import HTTP

@Suite struct RequestTargetTests {
  @Test(arguments: [
    ("/", "/"), ("/live.m3u8", "/live.m3u8"), ("/live/123.mp3", "/live/123.mp3"), ("/a/", "/a/"),
    ("/%6cive", "/live"), ("/%C3%A5", "/å"), ("/%c3%a5", "/å"), ("/a%20b", "/a b"), ("/a+b", "/a+b"),
    ("/100%25", "/100%"),
    ("/%2541", "/%41"), ("/...", "/..."), ("/.well-known/x", "/.well-known/x"), ("/a..b/..c/d..", "/a..b/..c/d.."),
    ("/a?b", "/a"), ("/a?../b", "/a"), ("/\\..", "/\\.."),
    ("http://localhost:8080/live.m3u8", "/live.m3u8"), ("HTTP://[::1]/a", "/a"), ("https://example.org", "/"),
    ("http://example.org?x=y", "/"), ("/http://example.org/", "/http:/example.org/"),
    // A proxy that puts a path in front of another leaves a slash too many.
    ("//", "/"), ("//a", "/a"), ("///a//b/", "/a/b/"), ("http://h//a", "/a"), ("/a///?b//c", "/a/"),
  ])
  func `a path is decoded`(target: String, path: String) throws {
    #expect(try RequestTarget(Array(target.utf8)).path == path)
  }

  @Test(arguments: [
    "", "*", "live", "example.org:443", "/%", "/%4", "/%4g", "/%g4", "/%%", "/%u0041", "/%00", "/a%00b", "/%0a",
    "/%0D%0A", "/%1f",
    "/%7f", "/%ff", "/%c0%ae", "/%c0%af", "/%ed%a0%80", "/%f4%90%80%80", "/%e2%82", "/å", "/a b", "/a\tb", "/a\u{0}b",
    "/a#b",
    "?a", "ftp://example.org/", "http:/a", "//\u{7F}", "/?a b", "/?a#b", "/?\u{7F}", "/?a\u{0}",
    // A URI without a host, and one with userinfo (RFC 9110 §4.2.1, §4.2.4).
    "http:///a", "http://:80/a", "http://user@host/a", "http://user:password@host/", "http://a b/", "http://[::1/a",
  ])
  func `a text that is not a target is malformed`(target: String) {
    #expect(throws: RequestTarget.Rejection.malformed) { try RequestTarget(Array(target.utf8)) }
  }

  @Test(arguments: [
    "/.", "/..", "/./", "/../", "/a/../b", "/a/./b", "/../../etc/passwd", "/%2e%2e/etc/passwd", "/.%2e/", "/%2E",
    "/a/%2e%2e",
    "/..%2fetc", "/a%2Fb", "/%2f", "http://h/..", "/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
  ])
  func `dot segments and encoded slashes name nothing`(target: String) {
    #expect(throws: RequestTarget.Rejection.unnameable) { try RequestTarget(Array(target.utf8)) }
  }

  @Test(
    arguments: [
      ("/", []), ("/?", []), ("/?a", [["a", ""]]), ("/?a=", [["a", ""]]), ("/?=b", [["", "b"]]),
      ("/?a=b&c=d", [["a", "b"], ["c", "d"]]),
      ("/?&a=b&&c&", [["a", "b"], ["c", ""]]), ("/?a=b=c", [["a", "b=c"]]), ("/?a+b=c+d", [["a b", "c d"]]),
      ("/?a%2Bb=%3D%26", [["a+b", "=&"]]), ("/?a=%C3%A5/..?", [["a", "å/..?"]]),
      ("/?_HLS_msn=7&_HLS_part=0", [["_HLS_msn", "7"], ["_HLS_part", "0"]]),
      ("/?a=1&a=2", [["a", "1"], ["a", "2"]]),
      // The URL standard, "application/x-www-form-urlencoded parsing": no text is an error.
      ("/?x=100%", [["x", "100%"]]), ("/?%=%zz&a=%4", [["%", "%zz"], ["a", "%4"]]), ("/?t=%FC", [["t", "\u{FFFD}"]]),
      ("/?a=%00b%7F", [["a", "\u{FFFD}b\u{FFFD}"]]), ("/?a[]=1|2", [["a[]", "1|2"]]), ("/?t=ü", [["t", "ü"]]),
      ("/?a=%25%34", [["a", "%4"]]),
    ] as [(String, [[String]])])
  func `a query is read as a form`(target: String, query: [[String]]) throws {
    #expect(try RequestTarget(Array(target.utf8)).query.map { [$0.name, $0.value] } == query)
  }

  @Test(arguments: [
    ("/a", nil), ("//a", nil), ("http://Example.org:8080/a", "Example.org:8080"), ("https://[::1]?x", "[::1]"),
    ("HTTP://h", "h"),
  ])
  func `an absolute form has an authority`(target: String, authority: String?) throws {
    #expect(try RequestTarget(Array(target.utf8)).authority.map { String(decoding: $0, as: UTF8.self) } == authority)
  }

  @Test func `bytes that are not UTF-8 harm nothing in a query`() throws {
    let target = try RequestTarget(Array("/a?t=".utf8) + [0xFC])
    #expect(target.path == "/a" && target.query.map(\.value) == ["\u{FFFD}"])
  }

  /// The decoded path and query of any target are safe to hand on.
  @Test(arguments: 0..<8)
  func `random targets never yield a dangerous path`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "/", ".", "..", "%2e", "%2F", "%", "%00", "a", "%c3", "%a5", "?", "=", "&", "#", " ", "\\", "%5c", "http://",
      "%25", "2e",
    ]
    for _ in 0..<2000 {
      let target =
        "/" + (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
      guard let path = try? RequestTarget(Array(target.utf8)).path else { continue }
      #expect(
        path.hasPrefix("/") && path.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "\(target)")
      #expect(!path.split(separator: "/").contains { $0 == "." || $0 == ".." }, "\(target)")
    }
  }
}
