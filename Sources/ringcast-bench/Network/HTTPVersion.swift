/// The version of HTTP that the listeners speak.
enum HTTPVersion: String, CaseIterable, Sendable {
  case http1 = "1.1"
  /// Inside TLS only, chosen by ALPN (RFC 9113 §3.2).
  case http2 = "2"
}
