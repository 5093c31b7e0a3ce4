/// The sender of a request.
package struct Client: Sendable {
  /// The number of the connection; never used twice. 0 without a connection.
  package let connection: Int
  /// Nil if the client has no address of the Internet Protocol.
  package let address: IPAddress?

  package init(connection: Int = 0, address: IPAddress? = nil) {
    (self.connection, self.address) = (connection, address)
  }
}
