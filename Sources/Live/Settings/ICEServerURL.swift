import HTTP

/// The URL of a server that helps two pages to a direct connection (STUN), or relays the connection (TURN).
package struct ICEServerURL: Hashable, Sendable {
  /// As a browser takes the URL.
  package let url: String
  /// Whether the server is a TURN server, which needs credentials.
  package let isRelay: Bool

  /// Nil for a text that is no URL of RFC 7064 §3.1 (`stun:`) or RFC 7065 §3.1 (`turn:`): a scheme, a host, and perhaps a
  /// port; for TURN, perhaps `?transport=udp` or `?transport=tcp`.
  package init?(_ url: String) {
    let parts = url.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, ["stun", "stuns", "turn", "turns"].contains(parts[0]) else { return nil }
    isRelay = parts[0].hasPrefix("turn")
    var server = parts[1]
    for transport in ["?transport=udp", "?transport=tcp"] where isRelay && server.hasSuffix(transport) {
      server.removeLast(transport.count)
      break
    }
    guard HostField(String(server)) != nil, Self.hasPort(server) else { return nil }
    self.url = url
  }

  /// Whether the number behind a host, if there is one, is a port. The colons of an IPv6 address stand in brackets.
  private static func hasPort(_ server: Substring) -> Bool {
    let behind = server.lastIndex(of: "]").map { server[$0...].dropFirst() } ?? server
    guard let colon = behind.firstIndex(of: ":") else { return true }
    return UInt16(behind[colon...].dropFirst()).map { $0 > 0 } ?? false
  }
}
