import CGnuTLS
import CMicroHTTPD
import Glibc
import Synchronization

/// The TLS settings that a server gives each connection.
///
/// Unchecked: the bytes of the ticket key never change.
final class TLS: @unchecked Sendable {
  /// The certificate for new connections.
  let certificate: Mutex<Certificate>
  let gate: Gate
  private let ticketKey: gnutls_datum_t

  init(_ certificate: Certificate, gate: Gate) {
    self.certificate = Mutex(certificate)
    self.gate = gate
    var ticketKey = gnutls_datum_t()
    let code = gnutls_session_ticket_key_generate(&ticketKey)
    self.ticketKey = ticketKey
    precondition(code == GNUTLS_E_SUCCESS, "GnuTLS: no key for tickets: \(String(cString: gnutls_strerror(code)))")
  }

  deinit {
    gnutls_memset(ticketKey.data, 0, Int(ticketKey.size))
    free(ticketKey.data)
  }

  /// The session of a new connection.
  func session(on connection: OpaquePointer) -> TLSSession {
    let session = TLSSession(on: connection, certificate.withLock { $0 }, gate)
    withUnsafePointer(to: ticketKey) { session.offerTickets($0) }
    return session
  }
}

/// The TLS session of one connection. libmicrohttpd creates, uses and ends it (gnutls_session_t).
///
/// Unchecked: libmicrohttpd's thread uses it, and `send` only while that thread leaves the suspended connection alone; see
/// `GrowthReader`.
final class TLSSession: @unchecked Sendable {
  /// TLS 1.3 and 1.2, with forward secrecy and authenticated encryption only (RFC 9325 §3.1.1, §4.1, §4.2). The client's
  /// order of ciphers counts, because phones may be faster at ChaCha20.
  static let priorities =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA"
    + ":-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD"

  private let session: gnutls_session_t
  private let connection: OpaquePointer
  private let socket: Int32
  /// Kept alive here, because GnuTLS keeps its address.
  private let certificate: Certificate
  private let gate: Gate
  private var hasBegunToRead = false
  /// Whether a request has arrived.
  private var hasAsked = false

  /// The session of a new connection.
  init(on connection: OpaquePointer, _ certificate: Certificate, _ gate: Gate) {
    session = OpaquePointer(mhd_tls_session(connection))
    (self.connection, socket) = (connection, mhd_socket(connection))
    (self.certificate, self.gate) = (certificate, gate)
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(certificate.credentials))
    gnutls_transport_set_ptr2(
      session, Unmanaged.passUnretained(self).toOpaque(), UnsafeMutableRawPointer(bitPattern: Int(socket)))
    gnutls_transport_set_pull_function(session) { session, buffer, count in
      Unmanaged<TLSSession>.fromOpaque(session!).takeUnretainedValue().receive(into: buffer!, count)
    }
  }

  /// Lets the client resume the session later with a shorter handshake (RFC 8446 §2.2, RFC 5077).
  /// - Parameter key: GnuTLS keeps a copy, from which it derives new keys over time.
  fileprivate func offerTickets(_ key: UnsafePointer<gnutls_datum_t>) {
    gnutls_session_ticket_enable_server(session, key)
  }

  /// The session of a connection; nil if the connection is not TLS.
  static func of(_ connection: OpaquePointer) -> TLSSession? {
    mhd_kept(connection).map { Unmanaged<TLSSession>.fromOpaque($0).takeUnretainedValue() }
  }

  /// A request has arrived. From now on libmicrohttpd itself waits for the client.
  func asked() {
    hasAsked = true
  }

  /// Prepares for `send`: libmicrohttpd leaves the socket corked, and a corked socket delays each chunk by 200 ms (tcp(7),
  /// TCP_CORK).
  func uncork() {
    var off: Int32 = 0
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_CORK, &off, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Sends like `send(2)`, without waiting (gnutls_record_send). Bytes that were not taken must be sent next.
  /// - Returns: the number of bytes taken; nil if the client is gone.
  func send(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var taken = 0
    while taken < bytes.count {
      // A record holds 16 384 bytes.
      let count = gnutls_record_send(session, bytes.baseAddress! + taken, bytes.count - taken)
      if count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED { break }
      guard count >= 0 else { return nil }
      taken += count
    }
    return taken
  }

  /// Reads like `recv(2)`. A connection whose client has not sent a request yet waits at the gate.
  private func receive(into buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    if !hasBegunToRead, isPlainHTTP() { return 0 }
    let received = recv(socket, buffer, count, 0)
    let code = errno
    if received > 0 { hasBegunToRead = true }
    if received < 0, code == EAGAIN, !hasAsked {
      // A client may hold back its request until the end of its handshake is acknowledged, which TCP delays by 40 ms.
      var now: Int32 = 1
      setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &now, socklen_t(MemoryLayout<Int32>.size))
      guard gate.hold(connection, socket) else { return 0 }
    }
    gnutls_transport_set_errno(session, code)
    return received
  }

  /// Answers a client that speaks HTTP without TLS, so that the client learns the reason.
  private func isPlainHTTP() -> Bool {
    var first: UInt8 = 0
    // An HTTP method begins with a letter, and TLS with the record type 22 (RFC 8446 §5.1).
    guard recv(socket, &first, 1, Int32(MSG_PEEK)) == 1, (0x41...0x5A).contains(first) else { return false }
    let answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nthis port speaks https\n"
    Glibc.send(socket, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
    // If the socket were closed with unread bytes, TCP would reset the connection and lose the answer.
    var request = [UInt8](repeating: 0, count: 8192)
    recv(socket, &request, request.count, 0)
    return true
  }
}
