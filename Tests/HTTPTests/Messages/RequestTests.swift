import Testing

@testable import HTTP

@Suite struct RequestTests {
  @Test func `header names are case-insensitive`() {
    let request = Request(method: .get, path: "/", headers: [("Accept-ENCODING", "gzip")])
    #expect(request.header("accept-encoding") == "gzip")
    #expect(request.header("Accept") == nil)
  }

  @Test func `several lines of one field are one list`() {
    let request = Request(
      method: .get, path: "/", headers: [("If-None-Match", "\"a\""), ("X", "y"), ("if-none-match", "\"b\"")])
    #expect(request.header("If-None-Match") == "\"a\", \"b\"")
  }

  /// RFC 9110 §9.1: "The method token is case-sensitive".
  @Test func `methods are case-sensitive`() {
    #expect(Request.Method("GET") == .get)
    #expect(Request.Method("HEAD") == .head)
    #expect(Request.Method("OPTIONS") == .options)
    #expect(Request.Method("get") == .other("get"))
    #expect(Request.Method("BREW") == .other("BREW"))
  }
}
