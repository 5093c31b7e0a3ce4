import Testing

@testable import Live

@Suite struct HMACTests {
  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  // The test cases 1, 2 and 6 of RFC 2202 §3, and the same inputs in RFC 4231 §4.2, §4.3 and §4.7.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0B, count: 20), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
  ])
  func `the codes are those of the RFCs`(key: [UInt8], text: String, sha1: String, sha256: String) {
    #expect(Self.hex(HMAC(.sha1, key: key).code(of: Array(text.utf8))) == sha1)
    #expect(Self.hex(HMAC(.sha256, key: key).code(of: Array(text.utf8))) == sha256)
  }

  @Test func `a key may be longer than a block`() {
    let text = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
    #expect(
      Self.hex(HMAC(.sha1, key: [UInt8](repeating: 0xAA, count: 80)).code(of: text))
        == "aa4ae5e15272d00e95705637ce8a3b55ed402112")
    #expect(
      Self.hex(HMAC(.sha256, key: [UInt8](repeating: 0xAA, count: 131)).code(of: text))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }
}
