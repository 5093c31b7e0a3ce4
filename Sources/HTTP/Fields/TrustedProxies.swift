/// The proxies that are believed when they name the client of a request.
package struct TrustedProxies: Equatable, Sendable {
  private let addresses: Set<IPAddress>

  package init(_ addresses: Set<IPAddress> = []) {
    self.addresses = addresses
  }

  func contains(_ address: IPAddress?) -> Bool {
    address.map { addresses.contains($0) } ?? false
  }

  /// The client of a request that came from one of these proxies.
  /// - Parameter proxy: the proxy, as the client of the connection.
  func client(of proxy: Client, _ headers: HeaderFields) -> Client {
    Client(
      connection: proxy.connection,
      address: headers.joined("X-Forwarded-For").flatMap(address) ?? proxy.address,
      isSecure: headers.joined("X-Forwarded-Proto").map(isSecure) ?? proxy.isSecure)
  }

  /// Each proxy adds the address of its own client at the end. So the last address that is no trusted proxy's is the one
  /// that a trusted proxy has seen, and those before it may be made up.
  private func address(_ field: String) -> IPAddress? {
    var nearest: IPAddress?
    for element in Array(Substring(field).utf8.listElements).reversed() {
      guard let address = Self.address(element) else { break }
      nearest = address
      if !contains(address) { break }
    }
    return nearest
  }

  /// An address, with or without a port.
  private static func address(_ element: Substring.UTF8View) -> IPAddress? {
    IPAddress(String(Substring(element))) ?? HostField(element)?.address
  }

  /// The scheme between the client and the first proxy is that of the client's URL.
  private func isSecure(_ field: String) -> Bool {
    Substring(field).utf8.listElements.first { _ in true }?.equalsIgnoringCase("https") == true
  }
}
