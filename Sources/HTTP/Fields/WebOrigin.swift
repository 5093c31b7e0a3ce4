/// The origin of a web page (RFC 6454 §4): a scheme, a host and a port.
package struct WebOrigin: Hashable, Sendable {
  /// The origin in the form of an Origin header field: lowercased, without the default port of the scheme (RFC 6454
  /// §6.2).
  package let text: String
  /// The host and the port, in the form of a Host header field.
  package let authority: String

  /// - Parameter text: `http://` or `https://`, a host, and a port or none; nothing after that.
  /// - Returns: nil for any other text, `null` too.
  package init?(_ text: String) {
    let text = text.lowercased()
    for (scheme, port) in [("http://", ":80"), ("https://", ":443")] where text.hasPrefix(scheme) {
      var authority = text.dropFirst(scheme.count)
      guard HostField(String(authority)) != nil, !authority.hasSuffix(":") else { return nil }
      if authority.hasSuffix(port) { authority = authority.dropLast(port.count) }
      (self.text, self.authority) = (scheme + authority, String(authority))
      return
    }
    return nil
  }

  /// The origin of a URL, for example of a Referer header field.
  package init?(ofURL url: String) {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[1].isEmpty else { return nil }
    self.init("\(parts[0])//\(parts[2])")
  }
}
