/// The facts about the client of a connection that the shell knows before the first message.
package struct Visitor: Equatable, Sendable {
  package let road: Road
  /// The address for which a ban holds, as text: an IPv4 address, or the first 64 bits of an IPv6 address.
  package let address: String
  /// The rights that the request of the connection has shown, with a cookie for example.
  package let credentials: Credentials

  package init(road: Road, address: String, credentials: Credentials = .none) {
    self.road = road
    self.address = address
    self.credentials = credentials
  }
}
