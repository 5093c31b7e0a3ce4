/// Where a request comes from.
package struct Client: Sendable {
  /// Of the connection that it came by; never used twice, and 0 where there is none.
  package let connection: Int
  /// Nil where it has none of the Internet Protocol.
  package let address: IPAddress?

  package init(connection: Int = 0, address: IPAddress? = nil) {
    (self.connection, self.address) = (connection, address)
  }
}
