/// The header fields that let pages of other origins read an answer (Fetch standard, "CORS protocol").
package enum CORS {
  /// For an answer that every page may read.
  package static let headers = headers(for: "*")

  /// For an answer that the pages of one origin may read. A browser shows a script only the listed header fields.
  /// - Parameter origin: in the form of an Origin header field; `*` is every origin.
  package static func headers(for origin: String) -> [(name: String, value: String)] {
    [
      (name: "Access-Control-Allow-Origin", value: origin),
      (
        name: "Access-Control-Expose-Headers",
        value: "Accept-Ranges, Age, Content-Encoding, Content-Length, Content-Range, Date, ETag, Icy-Br, Icy-MetaInt, "
          + "Icy-Name"
      ),
    ]
  }

  /// The answer to a preflight and to any other OPTIONS, for a resource that every page may read.
  package static let preflight = Response(
    status: 204,
    headers: [(name: "Allow", value: "GET, HEAD, OPTIONS"), (name: "Access-Control-Allow-Origin", value: "*")] + reading
  )

  /// The header fields of an answer to a preflight, except Access-Control-Allow-Origin.
  package static let reading = [
    (name: "Access-Control-Allow-Methods", value: "GET, HEAD, OPTIONS"),
    (
      name: "Access-Control-Allow-Headers",
      value: "Authorization, Cache-Control, Icy-MetaData, If-Match, If-Modified-Since, If-None-Match, If-Range, "
        + "If-Unmodified-Since, Range"
    ),
    (name: "Access-Control-Max-Age", value: "86400"),
  ]
}
