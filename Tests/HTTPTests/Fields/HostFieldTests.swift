import Testing

@testable import HTTP

@Suite struct HostFieldTests {
  @Test(arguments: [
    ("localhost", "localhost"), ("LocalHost:8080", "localhost"), ("radio.example:", "radio.example"),
    ("127.0.0.1:80", "127.0.0.1"), ("[::1]:8080", "::1"), ("[FE80::1]", "fe80::1"), ("my_box.local", "my_box.local"),
    ("localhost.", "localhost."), ("radio.example:65535", "radio.example"),
  ])
  func `a host is told from its port`(text: String, name: String) throws {
    #expect(try #require(HostField(text)).name == name)
  }

  @Test(arguments: [
    "", ":80", "a b", "radio.example:8a", "radio:80:80", "::1", "[::1", "[]", "[1.2.3.4]", "[::1]x",
    "localhost,localhost",
    "<b>", "radio.example:100000", "[::1]:080808", "user@localhost", "localhost/", "%6cocalhost",
    String(repeating: "a", count: 254),
  ])
  func `text that is no host is refused`(text: String) {
    #expect(HostField(text) == nil)
  }

  /// RFC 3986 §3.2.2
  @Test(arguments: ["", "a", "a%20b", "a!$&'()*+,;=b", "~a", "[::1]", "[v1.a:b]:80", "1.2.3.4:", "localhost,localhost"])
  func `a host of the grammar may be none of the Domain Name System`(text: String) {
    #expect(HostField.isValid(Array(text.utf8)[...]))
  }

  @Test(arguments: [
    "a b", "a@b", "a/b", "a?b", "a#b", "<a>", "a:b", "a:1:2", "[a]", "[::1", "[::1]a", "%", "%2", "%gg", "é",
  ])
  func `other text is no host`(text: String) {
    #expect(!HostField.isValid(Array(text.utf8)[...]))
  }

  @Test(arguments: ["localhost", "LOCALHOST:1", "127.0.0.1", "127.255.0.9:80", "[::1]", "[::ffff:127.0.0.1]:80"])
  func `only this machine can have these hosts`(text: String) throws {
    #expect(try #require(HostField(text)).isThisMachine)
  }

  @Test(arguments: [
    "localhost.", "localhost.example", "127.0.0.1.example", "127.1", "126.0.0.1", "128.0.0.1", "0.0.0.0", "[::2]",
    "[::]", "10.0.0.1", "127.0.0.1.2",
  ])
  func `another machine may have these hosts`(text: String) throws {
    #expect(try !#require(HostField(text)).isThisMachine)
  }
}
