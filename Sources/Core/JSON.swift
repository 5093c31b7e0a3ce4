/// A JSON value that renders itself (RFC 8259).
package enum JSON: Sendable {
  case null
  case bool(Bool)
  case number(Int)
  /// A number in its written form.
  case decimal(String)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])

  /// A number rounded to one decimal.
  package static func decimal(tenths value: Double) -> JSON {
    let tenths = Int((value * 10).rounded())
    return .decimal("\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)")
  }

  package var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let value): String(value)
    case .decimal(let digits): digits
    case .string(let value): Self.quoted(value)
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0.0)):\($0.1.text)" }.joined(separator: ",") + "}"
    }
  }

  /// §7: "the characters that MUST be escaped: quotation mark, reverse solidus, and the control characters".
  private static func quoted(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
