import CGnuTLS
import Glibc
import Synchronization

/// The TLS settings that a server gives each connection.
///
/// Unchecked: the bytes of the ticket key never change.
final class TLS: @unchecked Sendable {
  /// The certificate for new connections; nil until one is presented.
  private let certificate: Mutex<Certificate?>
  private let ticketKey: gnutls_datum_t

  init(_ certificate: Certificate?) {
    self.certificate = Mutex(certificate)
    var ticketKey = gnutls_datum_t()
    let code = gnutls_session_ticket_key_generate(&ticketKey)
    self.ticketKey = ticketKey
    precondition(code == GNUTLS_E_SUCCESS, "GnuTLS: no key for tickets: \(String(cString: gnutls_strerror(code)))")
  }

  deinit {
    gnutls_memset(ticketKey.data, 0, Int(ticketKey.size))
    free(ticketKey.data)
  }

  var hasCertificate: Bool { certificate.withLock { $0 != nil } }

  /// Shows this certificate to connections that begin from now on.
  func present(_ new: Certificate) {
    certificate.withLock { $0 = new }
  }

  /// The session of a new connection. To be called when there is a certificate.
  func session(on socket: Int32) -> TLSSession {
    guard let certificate = certificate.withLock({ $0 }) else {
      preconditionFailure("a client is let in before there is a certificate")
    }
    let session = TLSSession(on: socket, certificate)
    withUnsafePointer(to: ticketKey) { session.offerTickets($0) }
    return session
  }
}
