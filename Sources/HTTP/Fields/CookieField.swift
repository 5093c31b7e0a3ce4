/// The pairs of a Cookie header field. RFC 6265 §4.2.1: cookie-string = cookie-pair *( ";" SP cookie-pair )
package enum CookieField {
  /// The values of the cookies with one of some names, in the order of the field. A browser sends several cookies of one
  /// name where their paths differ.
  /// - Parameter limit: the most values; those after them are left out.
  package static func values(of names: [String], in field: String, atMost limit: Int) -> [String] {
    var values: [String] = []
    for pair in field.utf8.split(separator: UInt8(ascii: ";")) where values.count < limit {
      let pair = pair.trimmed
      guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
      if names.contains(where: { pair[..<equals].elementsEqual($0.utf8) }) {
        values.append(String(Substring(pair[equals...].dropFirst())))
      }
    }
    return values
  }
}
