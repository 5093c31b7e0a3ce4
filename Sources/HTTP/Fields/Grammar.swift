// The rules of RFC 9110 §5.6 that several fields share.

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  /// OWS = *( SP / HTAB )
  var isOptionalWhitespace: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

  /// tchar: a character of a token.
  var isTokenCharacter: Bool {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
  }

  /// The value of a hexadecimal digit; nil for any other character.
  var hexadecimalValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "f"):
      lowercased - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// Lower case of an ASCII letter: HTTP compares names by ASCII only.
  var lowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}

extension Substring.UTF8View {
  var trimmed: Substring.UTF8View {
    guard let first = firstIndex(where: { !$0.isOptionalWhitespace }),
      let last = lastIndex(where: { !$0.isOptionalWhitespace })
    else { return self[endIndex...] }
    return self[first...last]
  }

  /// The elements of a comma-separated list. RFC 9110 §5.6.1.2: "A recipient MUST parse and ignore a reasonable number
  /// of empty list elements". Not for lists whose elements may be quoted.
  var listElements: some Sequence<Substring.UTF8View> {
    split(separator: UInt8(ascii: ",")).lazy.map(\.trimmed).filter { !$0.isEmpty }
  }

  func equalsIgnoringCase(_ other: String) -> Bool {
    elementsEqual(other.utf8) { $0.lowercased == $1.lowercased }
  }
}

extension String {
  func equalsIgnoringCase(_ other: String) -> Bool {
    utf8.count == other.utf8.count && Substring(self).utf8.equalsIgnoringCase(other)
  }
}
