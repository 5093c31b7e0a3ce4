/// The head of a response as HTTP/1.1 sends it (RFC 9112 §4): made once for all clients. The lines that differ between
/// connections are sent between the two parts.
final class PreparedHead: Sendable {
  /// `HTTP/1.1 200 OK` and a line end.
  let statusLine: [UInt8]
  /// The header fields and the empty line.
  let fields: [UInt8]

  /// `HTTP/1.0 200 OK` and a line end. Icecast answers the method SOURCE so, and source clients such as DarkIce take no other
  /// version. RFC 9110 §6.2 allows a lower version for clients that read a higher one wrongly.
  var sourceStatusLine: [UInt8] { Array("HTTP/1.0".utf8) + statusLine.dropFirst(8) }

  init(_ response: Response) {
    statusLine = Array("HTTP/1.1 \(response.status) \(ReasonPhrase.of(response.status))\r\n".utf8)
    var text = ""
    for (name, value) in response.headers {
      precondition(
        name.utf8.allSatisfy(\.isTokenCharacter) && !value.utf8.contains { $0 == 13 || $0 == 10 || $0 == 0 },
        "not a header field: \(name): \(value)")
      text += "\(name): \(value)\r\n"
    }
    // The Fetch standard, "X-Content-Type-Options header": a browser does not guess another type, least of all a script.
    text += "X-Content-Type-Options: nosniff\r\n"
    if let length = response.contentLength { text += "Content-Length: \(length)\r\n" }
    text += "\r\n"
    fields =
      switch response.encoding {
      case .utf8: Array(text.utf8)
      case .latin1: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
      }
  }
}

/// The reason phrases of the status codes (RFC 9110 §15).
enum ReasonPhrase {
  static func of(_ status: Int) -> String { phrases[status] ?? "Unknown" }

  private static let phrases = [
    100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
    206: "Partial Content", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
    307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict",
    410: "Gone", 411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long",
    415: "Unsupported Media Type", 416: "Range Not Satisfiable", 417: "Expectation Failed", 421: "Misdirected Request",
    422: "Unprocessable Content", 426: "Upgrade Required", 429: "Too Many Requests",
    431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported", 507: "Insufficient Storage",
  ]
}
