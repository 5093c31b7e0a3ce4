/// The content coding that a request prefers, of a representation that exists plain and gzipped (RFC 9110 §12.5.3).
enum AcceptEncoding {
  enum Choice: Equatable {
    case gzip, identity
    /// 406: the request excludes both.
    case neither
  }

  static func choice(_ field: String?) -> Choice {
    // "If no Accept-Encoding header field is in the request, any content coding is considered acceptable": plain is
    // the safest choice.
    guard let field else { return .identity }
    let weights = Substring(field).utf8.listElements.compactMap(Weight.init)
    func weight(_ names: String...) -> Int? {
      weights.first { weight in names.contains { weight.coding.equalsIgnoringCase($0) } }?.thousandths
    }
    // "The asterisk "*" symbol in an Accept-Encoding field matches any available content coding not explicitly listed
    // in the field." §8.4.1.3: "A recipient SHOULD consider "x-gzip" to be equivalent to "gzip"."
    let others = weight("*")
    let gzip = weight("gzip", "x-gzip") ?? others ?? 0
    let identity = weight("identity")

    // "the acceptable content coding with the highest non-zero qvalue is preferred"; of two equal ones the
    // smaller content.
    if gzip > 0 && gzip >= identity ?? 0 { return .gzip }
    // "acceptable by default unless specifically excluded by the Accept-Encoding header field stating either
    // "identity;q=0" or "*;q=0" without a more specific entry for "identity"".
    return (identity ?? others) == 0 ? .neither : .identity
  }
}

/// codings [ weight ]
private struct Weight {
  let coding: Substring.UTF8View
  let thousandths: Int

  /// weight = OWS ";" OWS "q=" qvalue. Nil if malformed.
  init?(_ element: Substring.UTF8View) {
    let semicolon = element.firstIndex(of: UInt8(ascii: ";")) ?? element.endIndex
    coding = element[..<semicolon].trimmed
    guard !coding.isEmpty, coding.allSatisfy(\.isTokenCharacter) else { return nil }
    if semicolon == element.endIndex {
      // §12.4.2: "If no "q" parameter is present, the default weight is 1."
      thousandths = 1000
    } else {
      let weight = element[semicolon...].dropFirst().trimmed
      guard weight.prefix(2).equalsIgnoringCase("q="), let value = Self.qvalue(weight.dropFirst(2)) else { return nil }
      thousandths = value
    }
  }

  /// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
  private static func qvalue(_ text: Substring.UTF8View) -> Int? {
    let digits = text.enumerated().filter { $0.offset != 1 }.map(\.element)
    guard let whole = digits.first, digits.count <= 4, digits.allSatisfy(\.isDigit),
      text.count == 1 || text.dropFirst().first == UInt8(ascii: ".")
    else { return nil }
    let value = (0..<4).reduce(0) { $0 * 10 + ($1 < digits.count ? Int(digits[$1] - UInt8(ascii: "0")) : 0) }
    return whole <= UInt8(ascii: "1") && value <= 1000 ? value : nil
  }
}
