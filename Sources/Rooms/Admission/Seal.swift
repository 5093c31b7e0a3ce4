/// Computes message authentication codes with the station's secret key. The shell gives HMAC-SHA256 (RFC 2104).
package protocol Seal: Sendable {
  /// The code of some bytes: always of the same length, at least 16 bytes.
  func code(of bytes: [UInt8]) -> [UInt8]
}

extension Seal {
  /// The text that ends a sealed text: the code of the purpose and the text, in base64url.
  /// - Parameter purpose: keeps a text of one kind from being taken for a text of another.
  func mark(_ text: String, purpose: String) -> String {
    Base64URL.text(code(of: Array("ringcast \(purpose) \(text)".utf8)))
  }

  /// Whether the last of the parts of a text, which are separated by dots, is the mark of the parts before.
  func holds(_ text: String, purpose: String) -> Bool {
    guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    let given = Array(text[dot...].utf8.dropFirst())
    let expected = Array(mark(String(text[..<dot]), purpose: purpose).utf8)
    guard given.count == expected.count else { return false }
    // The time of the comparison does not tell the first wrong byte.
    return zip(given, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
