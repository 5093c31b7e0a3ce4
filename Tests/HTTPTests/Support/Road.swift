import HTTP

/// A way to speak HTTP/1.1 to a server.
enum Road: CaseIterable, Sendable {
  case plain, tls

  /// A certificate for the server; nil where connections are plain.
  func certificate() throws -> Certificate? {
    guard self == .tls else { return nil }
    let made = TestCertificate()
    return try Certificate(chain: made.chain, key: made.key)
  }

  func connect(_ server: Server, isNarrow: Bool = false) throws -> RawClient {
    switch self {
    case .plain: try RawClient(port: server.port, isNarrow: isNarrow)
    case .tls: try RawClient(port: server.port, tls: "NORMAL", isNarrow: isNarrow)
    }
  }
}
