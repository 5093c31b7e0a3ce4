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
    // Of two weights of one coding the first counts.
    var (gzipWeight, identity, others): (Int?, Int?, Int?)
    for element in Substring(field).utf8.listElements {
      let coding = element[..<(element.firstIndex(of: UInt8(ascii: ";")) ?? element.endIndex)]
      let parameters = element[coding.endIndex...]
      let name = coding.trimmed
      // §8.4.1.3: "A recipient SHOULD consider "x-gzip" to be equivalent to "gzip"."
      if name.equalsIgnoringCase("gzip") || name.equalsIgnoringCase("x-gzip") {
        gzipWeight = gzipWeight ?? weight(parameters)
      } else if name.equalsIgnoringCase("identity") {
        identity = identity ?? weight(parameters)
      } else if name.elementsEqual("*".utf8) {
        others = others ?? weight(parameters)
      }
    }
    // "The asterisk "*" symbol in an Accept-Encoding field matches any available content coding not explicitly listed
    // in the field."
    let gzip = gzipWeight ?? others ?? 0

    // "the acceptable content coding with the highest non-zero qvalue is preferred"; of two equal ones the
    // smaller content.
    if gzip > 0 && gzip >= identity ?? 0 { return .gzip }
    // "acceptable by default unless specifically excluded by the Accept-Encoding header field stating either
    // "identity;q=0" or "*;q=0" without a more specific entry for "identity"".
    return (identity ?? others) == 0 ? .neither : .identity
  }

  /// [ weight ], in thousandths; weight = OWS ";" OWS "q=" qvalue. Nil if malformed.
  private static func weight(_ parameters: Substring.UTF8View) -> Int? {
    // §12.4.2: "If no "q" parameter is present, the default weight is 1."
    if parameters.isEmpty { return 1000 }
    let weight = parameters.dropFirst().trimmed
    return weight.startsIgnoringCase(with: "q=") ? qvalue(weight.dropFirst(2)) : nil
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
