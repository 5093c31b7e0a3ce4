/// The sender of a request.
package struct Client: Equatable, Sendable {
  /// The number of the connection; never used twice. 0 without a connection.
  package let connection: Int
  /// Nil if the client has no address of the Internet Protocol. Behind a trusted proxy, the address that the proxy names.
  package let address: IPAddress?
  /// Whether the client's requests are encrypted on their way: by TLS here, or by the word of a trusted proxy.
  package let isSecure: Bool

  package init(connection: Int = 0, address: IPAddress? = nil, isSecure: Bool = false) {
    (self.connection, self.address, self.isSecure) = (connection, address, isSecure)
  }
}
