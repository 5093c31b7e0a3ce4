/// The URL of a server, such as `http://127.0.0.1:8080/live.m3u8`.
struct URL: Equatable, Sendable {
  /// Whether the scheme is https.
  let isSecure: Bool
  /// IPv4, dotted.
  let address: String
  let port: UInt16
  /// With its leading slash.
  let path: String

  init(address: String, port: UInt16, path: String, isSecure: Bool = false) {
    self.isSecure = isSecure
    self.address = address
    self.port = port
    self.path = path
  }

  init?(_ text: String) {
    guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { return nil }
    let parts = text.dropFirst(scheme.count).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let authority = parts[0].split(separator: ":", omittingEmptySubsequences: false)
    guard authority.count == 2, let port = UInt16(authority[1]) else { return nil }
    let octets = authority[0].split(separator: ".", omittingEmptySubsequences: false)
    guard octets.count == 4, octets.allSatisfy({ UInt8($0) != nil }) else { return nil }
    self.init(
      address: String(authority[0]), port: port, path: "/" + (parts.count == 2 ? parts[1] : ""),
      isSecure: scheme == "https://")
  }

  /// The path of a relative reference with the base `path` (RFC 3986 §5.2.3; without dot segments).
  static func resolve(_ reference: String, beside path: String) -> String {
    if reference.hasPrefix("/") { return reference }
    let end = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return path[..<end] + reference
  }
}
