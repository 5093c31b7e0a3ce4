import HTTP

/// The settings that say which requests a listener's port answers.
package struct AccessSettings: Sendable {
  /// Tokens that a listener may show. Where there are none, here and in the file, everybody may listen.
  package var listenToken: Token?
  package var listenTokenFile: String?
  /// Names by which a request may ask for a private port, beside those of this machine.
  package private(set) var allowedHosts: [String] = []
  /// Origins whose pages may read a private stream.
  private(set) var allowedOrigins = OriginGate.Origins.only([])

  private var proxies: Set<IPAddress> = []
  /// The proxies whose word on a client's address and encryption counts.
  var trustedProxies: TrustedProxies { TrustedProxies(proxies) }

  package init() {}

  /// Believes the proxy at an address.
  /// - Returns: false for a text that is no address of the Internet Protocol.
  package mutating func trust(proxy: String) -> Bool {
    guard let address = IPAddress(proxy) else { return false }
    proxies.insert(address)
    return true
  }

  /// Lets in requests that name this host.
  /// - Returns: false for a text that is neither a host name nor an address, or has a port.
  package mutating func allow(host: String) -> Bool {
    let isBareIPv6 = host.utf8.count(where: { $0 == UInt8(ascii: ":") }) > 1 && !host.hasPrefix("[")
    let host = isBareIPv6 ? "[\(host)]" : host
    guard HostField(host) != nil, isBareIPv6 || host.hasPrefix("[") && host.hasSuffix("]") || !host.contains(":") else {
      return false
    }
    allowedHosts.append(host)
    return true
  }

  /// Lets the pages of this origin read the stream; `*` lets every page.
  /// - Returns: false for a text that is no origin.
  package mutating func allow(origin: String) -> Bool {
    if origin == "*" {
      allowedOrigins = .any
      return true
    }
    guard let origin = WebOrigin(origin) else { return false }
    if case .only(let others) = allowedOrigins { allowedOrigins = .only(others.union([origin])) }
    return true
  }
}
