extension JSON {
  /// The error of a text that is not JSON.
  package struct Malformed: Error, Equatable, CustomStringConvertible {
    /// The first wrong byte, counted from the start.
    package let offset: Int

    package init(offset: Int) {
      self.offset = offset
    }

    package var description: String { "not JSON from byte \(offset) on" }
  }

  /// Reads a text strictly (RFC 8259 §2). A number keeps its written form.
  package init(_ text: [UInt8]) throws(Malformed) {
    var reader = JSONReader(text)
    // §8.1: "encoded using UTF-8"; a byte order mark is not allowed.
    guard String(validating: text, as: UTF8.self) != nil else { throw reader.malformed }
    self = try reader.value(depth: 0)
    try reader.end()
  }
}

/// A text and the reader's position in it.
private struct JSONReader {
  /// §9: "An implementation may set limits on the maximum depth of nesting."
  private static let deepest = 16

  private let text: [UInt8]
  private var offset = 0

  init(_ text: [UInt8]) {
    self.text = text
  }

  var malformed: JSON.Malformed { JSON.Malformed(offset: offset) }

  mutating func value(depth: Int) throws(JSON.Malformed) -> JSON {
    skipSpace()
    guard depth < Self.deepest else { throw malformed }
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth))
    case UInt8(ascii: "["): return .array(try array(depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .decimal(try number())
    }
  }

  mutating func end() throws(JSON.Malformed) {
    skipSpace()
    guard next == nil else { throw malformed }
  }

  private var next: UInt8? { offset < text.count ? text[offset] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(JSON.Malformed) {
    guard take(character) else { throw malformed }
  }

  private mutating func skipSpace() {
    while let byte = next, " \t\n\r".utf8.contains(byte) { offset += 1 }
  }

  private mutating func word(_ word: String, _ value: JSON) throws(JSON.Malformed) -> JSON {
    for character in word.unicodeScalars { try expect(character) }
    return value
  }

  private mutating func object(_ depth: Int) throws(JSON.Malformed) -> [(String, JSON)] {
    var members: [(String, JSON)] = []
    try expect("{")
    skipSpace()
    if take("}") { return members }
    repeat {
      skipSpace()
      let name = try string()
      skipSpace()
      try expect(":")
      members.append((name, try value(depth: depth + 1)))
      skipSpace()
    } while take(",")
    try expect("}")
    return members
  }

  private mutating func array(_ depth: Int) throws(JSON.Malformed) -> [JSON] {
    var values: [JSON] = []
    try expect("[")
    skipSpace()
    if take("]") { return values }
    repeat {
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    try expect("]")
    return values
  }

  /// §6: number = [ minus ] int [ frac ] [ exp ]
  private mutating func number() throws(JSON.Malformed) -> String {
    let start = offset
    _ = take("-")
    // "Leading zeros are not allowed."
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("-") { _ = take("+") }
      try digits()
    }
    return String(decoding: text[start..<offset], as: UTF8.self)
  }

  private mutating func digits() throws(JSON.Malformed) {
    let start = offset
    while let byte = next, (0x30...0x39).contains(byte) { offset += 1 }
    guard offset > start else { throw malformed }
  }

  private mutating func string() throws(JSON.Malformed) -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"): bytes += Array(String(try escaped()).utf8)
      // §7: control characters "MUST be escaped".
      case ..<0x20: throw malformed
      default:
        bytes.append(byte)
        offset += 1
      }
    }
    throw malformed
  }

  private mutating func escaped() throws(JSON.Malformed) -> Unicode.Scalar {
    try expect("\\")
    let character = next
    offset += 1
    switch character {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try codePoint()
    default: throw malformed
    }
  }

  /// §7: a character beyond U+FFFF is "represented as a 12-character sequence, encoding the UTF-16 surrogate pair". Half a
  /// pair is an error.
  private mutating func codePoint() throws(JSON.Malformed) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    try expect("\\")
    try expect("u")
    let second = try codeUnit()
    guard UTF16.isLeadSurrogate(first), UTF16.isTrailSurrogate(second) else { throw malformed }
    return UTF16.decode(UTF16.EncodedScalar([first, second]))
  }

  private mutating func codeUnit() throws(JSON.Malformed) -> UInt16 {
    guard text.count - offset >= 4 else { throw malformed }
    let digits = text[offset..<offset + 4]
    // UInt16(_:radix:) alone would accept a sign.
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw malformed }
    offset += 4
    return unit
  }
}
