import HTTP

/// The URLs by which other devices reach the page of a station.
struct PageAddresses {
  /// The most URLs that are shown.
  private static let most = 8

  /// The first one is the one to try first: IPv4, because a person can type such an address.
  let urls: [String]

  /// - Parameters:
  ///   - scheme: `http` or `https`.
  ///   - host: the host that the port is bound to, a name or an address.
  ///   - isLocal: whether only this machine reaches the port; then there is no URL.
  ///   - present: the addresses of this machine's network interfaces.
  init(scheme: String, host: String, port: UInt16, isLocal: Bool, present: [IPAddress]) {
    if isLocal {
      urls = []
      return
    }
    let hosts: [String]
    if let address = IPAddress(host), address.isUnspecified {
      let reachable = present.filter { !$0.isLoopback && !$0.isIPv6LinkLocal }
      let four = reachable.filter(\.isIPv4)
      hosts = (address.isIPv4 ? four : four + reachable.filter { !$0.isIPv4 }).map(\.description)
    } else {
      hosts = [host]
    }
    // RFC 9110 §4.2: the default port need not be named.
    let end = port == (scheme == "https" ? 443 : 80) ? "/" : ":\(port)/"
    var seen: Set<String> = []
    // RFC 3986 §3.2.2: an IPv6 address stands in brackets.
    urls = hosts.filter { seen.insert($0).inserted }.prefix(Self.most).map { host in
      "\(scheme)://\(host.contains(":") ? "[\(host)]" : host)\(end)"
    }
  }
}
