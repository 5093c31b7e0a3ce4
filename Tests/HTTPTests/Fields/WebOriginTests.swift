import Testing

@testable import HTTP

@Suite struct WebOriginTests {
  @Test(arguments: [
    ("http://radio.example", "http://radio.example"), ("HTTPS://Radio.Example:443", "https://radio.example"),
    ("http://localhost:80", "http://localhost"), ("http://localhost:8080", "http://localhost:8080"),
    ("https://[::1]:8443", "https://[::1]:8443"), ("https://radio.example:80", "https://radio.example:80"),
  ])
  func `an origin is compared as a browser writes it`(text: String, written: String) throws {
    #expect(try #require(WebOrigin(text)).text == written)
  }

  @Test(arguments: [
    "null", "*", "", "radio.example", "http://", "http://radio.example/", "http://radio.example:",
    "ftp://radio.example",
    "http://a b", "http://a, http://b", "file://",
  ])
  func `text that is no origin of a web page is refused`(text: String) {
    #expect(WebOrigin(text) == nil)
  }

  @Test(arguments: [
    ("https://radio.example/page?x=1", "https://radio.example"), ("http://localhost:8080/", "http://localhost:8080"),
    ("http://radio.example", "http://radio.example"),
  ])
  func `an address has an origin`(url: String, origin: String) {
    #expect(WebOrigin(ofURL: url)?.text == origin)
  }

  @Test(arguments: [
    "/page", "", "about:blank", "data:text/html,x", "http:/radio.example/", "https://user@radio.example/",
  ])
  func `an address that names no host has none`(url: String) {
    #expect(WebOrigin(ofURL: url) == nil)
  }
}
