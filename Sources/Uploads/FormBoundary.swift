/// The boundary between the parts of a form, from the Content-Type of the form (RFC 7578 §4.1).
package struct FormBoundary: Equatable, Sendable {
  /// RFC 2046 §5.1.1: "Boundary delimiters must … be no longer than 70 characters, not counting the two leading hyphens."
  static let longest = 70

  let bytes: [UInt8]

  /// - Parameter field: the value of the Content-Type field.
  /// - Returns: nil for another media type than `multipart/form-data`, and without a valid boundary.
  package init?(_ field: String) {
    var rest = Array(field.utf8)[...]
    guard Self.token(&rest).elementsEqual("multipart".utf8, by: Self.isSame), Self.take(UInt8(ascii: "/"), from: &rest),
      Self.token(&rest).elementsEqual("form-data".utf8, by: Self.isSame)
    else { return nil }
    while true {
      Self.skipSpace(&rest)
      guard Self.take(UInt8(ascii: ";"), from: &rest) else { return nil }
      Self.skipSpace(&rest)
      let name = Self.token(&rest)
      guard !name.isEmpty, Self.take(UInt8(ascii: "="), from: &rest), let value = Self.value(&rest) else { return nil }
      guard name.elementsEqual("boundary".utf8, by: Self.isSame) else { continue }
      // "a boundary … must not end with white space" (the grammar of RFC 2046 §5.1.1).
      guard (1...Self.longest).contains(value.count), value.allSatisfy(Self.isOfBoundary), value.last != 0x20 else {
        return nil
      }
      bytes = value
      return
    }
  }

  /// Reads a token or a quoted string (RFC 9110 §5.6).
  static func value(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard take(UInt8(ascii: "\""), from: &rest) else {
      let value = Array(token(&rest))
      return value.isEmpty ? nil : value
    }
    var value: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return value
      // Browsers send a backslash as it is, and a quotation mark as %22. Before a quotation mark, a backslash quotes.
      case UInt8(ascii: "\\") where rest.first == UInt8(ascii: "\"") || rest.first == UInt8(ascii: "\\"):
        value.append(rest.removeFirst())
      default: value.append(byte)
      }
    }
    return nil
  }

  static func token(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let token = rest.prefix(while: isOfToken)
    rest = rest.dropFirst(token.count)
    return token
  }

  static func take(_ byte: UInt8, from rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == byte else { return false }
    rest.removeFirst()
    return true
  }

  static func skipSpace(_ rest: inout ArraySlice<UInt8>) { rest = rest.drop { $0 == 0x20 || $0 == 0x09 } }

  /// Whether two letters are the same, whatever their case.
  static func isSame(_ one: UInt8, _ other: UInt8) -> Bool { lowercase(one) == lowercase(other) }

  private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  /// RFC 9110 §5.6.2
  private static func isOfToken(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }

  /// `bchars` of RFC 2046 §5.1.1
  private static func isOfBoundary(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "'()+_,-./:=? ".utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
