/// Bytes as three characters, a percent sign and two hexadecimal digits (RFC 3986 §2.1).
package enum PercentEncoding {
  /// The bytes that a text stands for. A percent sign without two digits behind it stands for itself.
  package static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let escaped = escaped(rest) {
        decoded.append(escaped)
        rest = rest.dropFirst(2)
      } else {
        decoded.append(byte)
      }
    }
    return decoded
  }

  /// Whether two hexadecimal digits follow each percent sign.
  static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), escaped(rest) == nil { return false }
    }
    return true
  }

  /// The byte of the two hexadecimal digits at the front; nil where there are none.
  package static func escaped(_ text: ArraySlice<UInt8>) -> UInt8? {
    guard text.count >= 2, let high = text[text.startIndex].hexadecimalValue,
      let low = text[text.startIndex + 1].hexadecimalValue
    else { return nil }
    return high << 4 | low
  }
}
