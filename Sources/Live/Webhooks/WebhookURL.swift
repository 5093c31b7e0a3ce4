import HTTP

/// The URL of a receiver of events. All of the URL but the origin may be a secret: Discord and Slack admit everybody who
/// knows the URL. So the description is the origin.
package struct WebhookURL: Hashable, Sendable, CustomStringConvertible {
  /// The longest URL, in bytes.
  private static let longest = 2048

  /// For the receiver only: no log may show this text.
  let text: String
  /// The scheme, the host and perhaps the port.
  let origin: String
  /// Without the port.
  let host: String

  package var description: String { origin }

  /// Nil for a text that is no URL of http or https, and for a URL with a user, a password or a fragment.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      !text.utf8.contains(where: { "#\"<>\\^`{|}".utf8.contains($0) }), let origin = WebOrigin(ofURL: text),
      let host = HostField(origin.authority)
    else { return nil }
    (self.text, self.origin, self.host) = (text, origin.text, host.name)
  }

  /// The URL without its path, and the only segment of its path: the server and the topic of ntfy. Nil where the path has
  /// no segment or several.
  var topic: (server: String, name: String)? {
    let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let slash = parts[2].firstIndex(of: "/") else { return nil }
    let path = parts[2][slash...].dropFirst()
    let name = path.prefix { $0 != "?" }
    guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(Self.isTopicCharacter) else { return nil }
    return ("\(parts[0])//\(parts[2][..<slash])/\(path[name.endIndex...])", String(name))
  }

  /// ntfy names a topic by letters, digits, `_` and `-`, 64 at most (server/server.go, topicRegex).
  private static func isTopicCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
