import CGnuTLS
import Glibc

/// The client's side of a TLS session on a non-blocking socket (gnutls_session_t). The certificate of the server is not
/// checked: the load generator measures a server, and trusts nothing that the server says.
final class TLSClient {
  /// The settings that all sessions share (gnutls_certificate_credentials_t).
  final class Credentials {
    fileprivate let credentials: gnutls_certificate_credentials_t
    fileprivate let version: HTTPVersion

    /// - Parameter version: the version of HTTP that is spoken inside TLS.
    init(_ version: HTTPVersion) {
      self.version = version
      var credentials: gnutls_certificate_credentials_t?
      let code = gnutls_certificate_allocate_credentials(&credentials)
      guard code == GNUTLS_E_SUCCESS, let credentials else { fatalError("GnuTLS: no memory for credentials") }
      self.credentials = credentials
    }

    deinit {
      gnutls_certificate_free_credentials(credentials)
    }
  }

  enum Handshake {
    case done
    /// The server has to send more.
    case unfinished
    case failed
  }

  private let session: gnutls_session_t
  /// Kept alive here, because GnuTLS keeps its address.
  private let credentials: Credentials

  /// - Parameter socket: stays open as long as the session.
  init(on socket: Int32, _ credentials: Credentials) {
    var session: gnutls_session_t?
    let flags = GNUTLS_CLIENT.rawValue | GNUTLS_NONBLOCK.rawValue | GNUTLS_NO_SIGNAL.rawValue
    guard gnutls_init(&session, UInt32(flags)) == GNUTLS_E_SUCCESS, let session else {
      fatalError("GnuTLS: no memory for a session")
    }
    (self.session, self.credentials) = (session, credentials)
    gnutls_set_default_priority(session)
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials.credentials))
    gnutls_transport_set_int2(session, socket, socket)
    if credentials.version == .http2 { offerHTTP2() }
  }

  private func offerHTTP2() {
    var name = Array("h2".utf8)
    name.withUnsafeMutableBufferPointer { name in
      var datum = gnutls_datum_t(data: name.baseAddress, size: UInt32(name.count))
      gnutls_alpn_set_protocols(session, &datum, 1, 0)
    }
  }

  /// The version of HTTP that both sides have chosen (RFC 7301), after the handshake.
  var version: HTTPVersion {
    var chosen = gnutls_datum_t()
    let code = gnutls_alpn_get_selected_protocol(session, &chosen)
    // GnuTLS succeeds only with a protocol that was offered.
    return code == GNUTLS_E_SUCCESS ? .http2 : .http1
  }

  deinit {
    gnutls_deinit(session)
  }

  /// Continues the handshake as far as the received bytes allow.
  func handshake() -> Handshake {
    while true {
      let code = gnutls_handshake(session)
      if code == GNUTLS_E_SUCCESS { return version == credentials.version ? .done : .failed }
      if code == GNUTLS_E_AGAIN { return .unfinished }
      if gnutls_error_is_fatal(code) != 0 { return .failed }
    }
  }

  /// Sends a few bytes; false if it was not sent completely.
  func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
    gnutls_record_send(session, bytes.baseAddress!, bytes.count) == bytes.count
  }

  /// Takes one record, or what is left of it: more may be there at once.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Connection.Received {
    while true {
      errno = 0
      let count = gnutls_record_recv(session, buffer.baseAddress!, buffer.count)
      if count > 0 { return .bytes(count) }
      switch Int32(count) {
      case 0, GNUTLS_E_PREMATURE_TERMINATION: return .closed
      // GnuTLS gives this code also after a message of TLS itself, such as a ticket; then the socket may have more.
      case GNUTLS_E_AGAIN where errno == EAGAIN: return .nothingNow
      case let code where gnutls_error_is_fatal(code) != 0: return .failed
      default: continue
      }
    }
  }
}
