import HTTP

/// A small file that leads a radio to the endless stream. Old radios and some players open such a file by its ending, and
/// cannot play a URL that names no file of this kind.
enum EndlessLink: String, CaseIterable {
  case m3u, pls

  /// The answer to a request for the file.
  /// - Parameters:
  ///   - stream: the name of the stream.
  ///   - token: the token that the request has in its query. A radio has no other way to show a token.
  ///   - isSecure: whether the client's requests are encrypted.
  func response(to request: Request, for stream: StreamName, token: Token?, isSecure: Bool, _ audience: Audience)
    -> Response
  {
    switch request.method {
    case .put, .other: return .methodNotAllowed
    case .options: return .options
    // The content of an answer to HEAD is left out, and the header fields are the same.
    case .get, .head: break
    }
    let url = Self.url(of: stream, token: token, host: request.header("Host"), isSecure: isSecure)
    // The content depends on the host of the request, and a cache may ask for every host by one name.
    let headers = [(name: "Content-Type", value: mediaType), (name: "Cache-Control", value: "no-store")]
    return Response(
      status: 200, headers: headers + audience.headers, body: [Bytes.Slice(Array(text(of: stream, at: url).utf8))])
  }

  private var mediaType: String {
    switch self {
    case .m3u: "audio/x-mpegurl"
    case .pls: "audio/x-scpls"
    }
  }

  private func text(of stream: StreamName, at url: String) -> String {
    switch self {
    case .m3u: "\(url)\r\n"
    case .pls:
      // A length of -1 is that of a stream.
      "[playlist]\r\nNumberOfEntries=1\r\nFile1=\(url)\r\nTitle1=\(stream)\r\nLength1=-1\r\nVersion=2\r\n"
    }
  }

  /// A radio needs the whole URL. Where the host is not known, the URL is relative (RFC 3986 §4.2), which some radios take: a
  /// client of HTTP/1.0 may name none, and a proxy on this machine may hide the name that the radio asked for.
  private static func url(of stream: StreamName, token: Token?, host: String?, isSecure: Bool) -> String {
    let path = "\(stream).mp3" + (token.map { "?\($0.query)" } ?? "")
    guard let host, let named = HostField(host), !named.isThisMachine else { return path }
    return "\(isSecure ? "https" : "http")://\(host)/\(path)"
  }
}
