/// The text of a file whose encoding nobody has named, as far as the bytes tell the encoding.
enum ForeignText {
  /// The lines of the text. UTF-16 is recognised by its byte order mark or by its many zeros. Other bytes are UTF-8 where
  /// they are valid as UTF-8, and else Windows-1252, each line for itself.
  static func lines(_ bytes: [UInt8]) -> [String] {
    if let text = utf16(bytes) {
      return text.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "\r" }).map { withoutMark(String($0)) }
    }
    return bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }).map { line in
      withoutMark(String(validating: line, as: UTF8.self) ?? windows1252(line))
    }
  }

  /// Nil for bytes that are not UTF-16.
  private static func utf16(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), littleEndian: true) }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), littleEndian: false) }
    // No other encoding has zeros within a text. Some programs fill the end of a file with zeros.
    let end = bytes.lastIndex { $0 != 0 } ?? 0
    let zeros = bytes[..<end].indices.filter { bytes[$0] == 0 }
    guard !zeros.isEmpty else { return nil }
    let odd = zeros.count { $0 % 2 == 1 }
    return utf16(bytes[...], littleEndian: odd > zeros.count - odd)
  }

  private static func utf16(_ bytes: ArraySlice<UInt8>, littleEndian: Bool) -> String {
    let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return littleEndian ? second << 8 | first : first << 8 | second
    }
    return String(decoding: units, as: UTF16.self)
  }

  static func windows1252(_ bytes: ArraySlice<UInt8>) -> String {
    let scalars = bytes.map { (0x80...0x9F).contains($0) ? high[Int($0) - 0x80] : Unicode.Scalar($0) }
    return String(String.UnicodeScalarView(scalars))
  }

  /// 0x80 to 0x9F, as the WHATWG's Encoding Standard has them; the other bytes are those of ISO 8859-1.
  private static let high: [Unicode.Scalar] = [
    "€", "\u{81}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{8D}", "Ž", "\u{8F}",
    "\u{90}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{9D}", "ž", "Ÿ",
  ]

  /// Without a byte order mark. Windows' editors begin a file of UTF-8 with one.
  private static func withoutMark(_ line: String) -> String {
    line.unicodeScalars.first == "\u{FEFF}" ? String(line.unicodeScalars.dropFirst()) : line
  }
}
