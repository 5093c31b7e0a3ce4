/// The credentials of an Authorization header field (RFC 9110 §11.6.2).
package enum Authorization: Equatable, Sendable {
  /// RFC 6750 §2.1: credentials = "Bearer" 1*SP b64token
  case bearer(String)
  /// RFC 7617 §2: the user-id and the password are joined by the first colon, and encoded as Base64.
  case basic(user: String, password: String)

  /// - Returns: nil for another scheme, and for credentials of Basic that are malformed.
  package init?(_ field: String) {
    let text = Substring(field).utf8
    guard let space = text.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    let scheme = text[..<space]
    let credentials = text[space...].drop { $0 == UInt8(ascii: " ") }
    // RFC 9110 §11.1: the name of the scheme is case-insensitive.
    if scheme.equalsIgnoringCase("bearer") {
      self = .bearer(String(Substring(credentials)))
    } else if scheme.equalsIgnoringCase("basic") {
      guard let decoded = Base64.decode(credentials.trimmed), let colon = decoded.firstIndex(of: UInt8(ascii: ":"))
      else { return nil }
      self = .basic(
        user: String(decoding: decoded[..<colon], as: UTF8.self),
        password: String(decoding: decoded[(colon + 1)...], as: UTF8.self))
    } else {
      return nil
    }
  }
}
