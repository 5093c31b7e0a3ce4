import Testing

@testable import HTTP

@Suite struct AuthorizationTests {
  @Test(arguments: [
    ("Bearer abc", Authorization.bearer("abc")), ("bearer  a b", .bearer("a b")), ("BEARER ", .bearer("")),
    // RFC 7617 §2
    ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", .basic(user: "Aladdin", password: "open sesame")),
    ("Basic dGVzdDoxMjPCow==", .basic(user: "test", password: "123£")),
    ("basic YTpiOmM", .basic(user: "a", password: "b:c")), ("Basic Og==", .basic(user: "", password: "")),
  ])
  func `credentials are read`(field: String, credentials: Authorization) {
    #expect(Authorization(field) == credentials)
  }

  @Test(arguments: [
    "", "Bearer", "abc", "Digest a=b", "Basic ", "Basic !", "Basic YWJj", "Basic YTp=b", "Basic A", " Bearer a",
  ])
  func `other schemes, and text that has no user and no password, are none`(field: String) {
    #expect(Authorization(field) == nil)
  }
}
