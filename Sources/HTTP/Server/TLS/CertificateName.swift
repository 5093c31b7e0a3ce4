/// A name or an address that a certificate is good for (RFC 5280 §4.2.1.6).
package enum CertificateName: Hashable, Sendable, CustomStringConvertible {
  /// A name of the Domain Name System, in lowercase.
  case host(String)
  case address(IPAddress)

  package var description: String {
    switch self {
    case .host(let name): name
    case .address(let address): address.description
    }
  }
}
