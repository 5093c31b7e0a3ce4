/// Cross-origin reading, open to every page (Fetch standard, "CORS protocol").
package enum CORS {
  /// For every answer that any page may read. Only a listed field is shown to a script.
  package static let headers = [
    (name: "Access-Control-Allow-Origin", value: "*"),
    (
      name: "Access-Control-Expose-Headers",
      value: "Accept-Ranges, Age, Content-Encoding, Content-Length, Content-Range, Date, ETag, Icy-Br, Icy-MetaInt, "
        + "Icy-Name"
    ),
  ]

  /// The answer to a preflight, and to any other OPTIONS, where reading is open.
  package static let preflight = preflight(allowing: "GET, HEAD, OPTIONS")

  /// The same where more can be done than reading: not by other sites' pages.
  package static func preflight(allowing methods: String) -> Response {
    Response(status: 204, headers: [(name: "Allow", value: methods)] + reading)
  }

  private static let reading = [
    (name: "Access-Control-Allow-Origin", value: "*"),
    (name: "Access-Control-Allow-Methods", value: "GET, HEAD, OPTIONS"),
    (
      name: "Access-Control-Allow-Headers",
      value: "Authorization, Cache-Control, Icy-MetaData, If-Match, If-Modified-Since, If-None-Match, If-Range, "
        + "If-Unmodified-Since, Range"
    ),
    (name: "Access-Control-Max-Age", value: "86400"),
  ]
}
