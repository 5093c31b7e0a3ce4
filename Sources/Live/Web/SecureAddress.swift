import Core
import HTTP

/// The https address of the station, for a page that came without TLS: a browser gives a microphone only to a page that came
/// by https, or from `localhost`. `/secure.json`.
struct SecureAddress: Sendable {
  /// The port that speaks https; nil where none does.
  let port: UInt16?

  func response(to request: Request) -> Response {
    switch request.method {
    case .put, .other: .methodNotAllowed
    case .options: .options
    // The content depends on the host of the request, so that no cache may keep the answer.
    case .get, .head: .json(JSON.object([("url", url(for: request).map { .string($0) } ?? .null)]).text)
    }
  }

  /// The address by which the sender of a request reaches the station by https; nil where there is none, and where the request
  /// names no host.
  func url(for request: Request) -> String? {
    guard let field = request.header("Host"), let host = HostField(field) else { return nil }
    // The client, or a trusted proxy, has chosen a host and a port that work.
    if request.client.isSecure { return "https://\(field.lowercased())/" }
    guard let port else { return nil }
    // RFC 3986 §3.2.2: an IPv6 address stands in brackets.
    let name = host.name.contains(":") ? "[\(host.name)]" : host.name
    return "https://\(name)\(port == 443 ? "" : ":\(port)")/"
  }
}
