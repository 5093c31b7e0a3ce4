/// The value of a Host header field. RFC 9110 §7.2: Host = uri-host [ ":" port ].
package struct HostField: Equatable, Sendable {
  /// Lowercased; an IPv6 address without its brackets.
  package let name: String
  /// Nil if the host is a name.
  package let address: IPAddress?

  /// - Parameter text: a host, and a port or none. RFC 3986 §3.2.2: an IPv6 address stands in brackets.
  /// - Returns: nil for text that is neither a host name nor an address.
  package init?(_ text: String) {
    if text.hasPrefix("[") {
      let parts = text.dropFirst().split(separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, Self.isPort(parts[1]), parts[0].contains(":"), let address = IPAddress(String(parts[0]))
      else { return nil }
      (name, self.address) = (parts[0].lowercased(), address)
    } else {
      let host = text.prefix { $0 != ":" }
      guard Self.isPort(text.dropFirst(host.count)), Self.isName(host) else { return nil }
      (name, address) = (host.lowercased(), IPAddress(String(host)))
    }
  }

  /// Whether the host means the machine itself: `localhost` (RFC 6761 §6.3) or a loopback address.
  package var isThisMachine: Bool { address?.isLoopback ?? (name == "localhost") }

  /// A name of the Domain Name System. Underscores are accepted because some local networks use them.
  private static func isName(_ text: Substring) -> Bool {
    (1...253).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0.isDigit || (0x61...0x7A).contains($0.lowercased) || "-._".utf8.contains($0) }
  }

  /// Nothing, or a colon and digits. RFC 3986 §3.2.3: port = *DIGIT.
  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty || text.first == ":" && text.dropFirst().utf8.allSatisfy(\.isDigit)
  }
}
