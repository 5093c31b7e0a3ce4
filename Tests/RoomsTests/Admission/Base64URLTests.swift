import Core
import Testing

@testable import Rooms

@Suite struct Base64URLTests {
  /// RFC 4648 §10, without padding.
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
    ("foobar", "Zm9vYmFy"),
  ])
  func `the test vectors of the RFC hold`(bytes: String, text: String) {
    #expect(Base64URL.text(Array(bytes.utf8)) == text)
    #expect(Base64URL.bytes(text) == Array(bytes.utf8))
  }

  @Test func `the last two digits are safe in a URL`() {
    #expect(Base64URL.text([0xFB, 0xFF]) == "-_8")
    #expect(Base64URL.bytes("-_8") == [0xFB, 0xFF])
  }

  @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "+/8", "Zm 9v", "ä"])
  func `each byte sequence has one spelling only`(text: String) {
    #expect(Base64URL.bytes(text) == nil)
  }
}
