/// The cookie in which a browser keeps a token.
///
/// Cookies know no ports (RFC 6265 §8.5): two stations on one host would take the place of each other's cookie. So the name
/// of the cookie has the port of the station.
struct TokenCookie {
  /// The name that earlier versions gave; still read.
  private let earlier: String
  private let plain: String
  /// RFC 6265bis §4.1.3.2: a browser keeps a cookie of such a name only for encrypted connections to this very host, so that
  /// no other host of the domain can set the cookie.
  private var secured: String { "__Host-\(plain)" }

  /// - Parameters:
  ///   - name: `ringcast`.
  ///   - port: the port that ringcast is bound to. The port of the URL would not do: behind a proxy, two stations have one.
  init(_ name: String, port: UInt16) {
    (earlier, plain) = (name, "\(name)-\(port)")
  }

  /// The names under which a request may show a token.
  var names: [String] { [secured, plain, earlier] }

  /// The header field by which a browser keeps a token. The browser does not send the cookie with requests of other sites'
  /// pages, and hides the cookie from scripts (RFC 6265bis §5.7).
  /// - Parameter isSecure: whether the connection is encrypted.
  func field(keeping token: Token, isSecure: Bool) -> (name: String, value: String) {
    let rules = "Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
    return (
      name: "Set-Cookie",
      value: isSecure ? "\(secured)=\(token.text); \(rules); Secure" : "\(plain)=\(token.text); \(rules)"
    )
  }
}
