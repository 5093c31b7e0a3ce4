import CGnuTLS
import Glibc

/// The TLS session of one connection (gnutls_session_t). No call waits. Only the loop of the connection uses the session.
final class TLSSession {
  enum Progress: Equatable {
    case done
    /// The socket has no bytes, or takes none.
    case wait
    /// The session can not go on.
    /// - Parameter reason: in GnuTLS's words.
    case failed(reason: String)
  }

  /// The protocols that are offered inside TLS (RFC 7301), the preferred one first.
  enum ApplicationProtocol: String, CaseIterable {
    case http2 = "h2"
    case http1 = "http/1.1"
  }

  /// TLS 1.3 and 1.2, with forward secrecy and authenticated encryption only (RFC 9325 §3.1.1, §4.1, §4.2). The client's
  /// order of ciphers counts, because phones may be faster at ChaCha20.
  static let priorities =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA"
    + ":-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD"

  /// The most bytes of a record (RFC 8446 §5.1).
  static let recordSize = 16_384

  private let session: gnutls_session_t
  private let socket: Int32
  /// Kept alive here, because GnuTLS keeps its address.
  private let certificate: Certificate
  /// GnuTLS keeps an encrypted record that the socket has not taken.
  private(set) var hasUnsentRecord = false

  init(on socket: Int32, _ certificate: Certificate) {
    var session: gnutls_session_t?
    gnutls_init(&session, UInt32(GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL))
    guard let session else { fatalError("GnuTLS: no memory for a session") }
    self.session = session
    self.socket = socket
    self.certificate = certificate
    gnutls_priority_set(session, Self.cache)
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(certificate.credentials))
    gnutls_transport_set_int2(session, socket, socket)
    // The deadlines of the connection are ours.
    gnutls_handshake_set_timeout(session, 0)
    offer(ApplicationProtocol.allCases)
  }

  deinit {
    gnutls_deinit(session)
  }

  /// From now on, the kernel joins no record with the next one (send(2), MSG_EOR); see `Connection.limitUnsent`.
  func keepRecordsApart() {
    // The pointer is the socket (gnutls_transport_set_int2).
    gnutls_transport_set_push_function(session) { socket, bytes, count in
      Glibc.send(Int32(Int(bitPattern: socket)), bytes, count, Int32(MSG_NOSIGNAL) | Int32(MSG_EOR))
    }
  }

  /// The parsed priorities; kept for the life of the process.
  nonisolated(unsafe) private static let cache: gnutls_priority_t = {
    var cache: gnutls_priority_t?
    let code = gnutls_priority_init(&cache, priorities, nil)
    guard code == GNUTLS_E_SUCCESS, let cache else { fatalError("GnuTLS: \(String(cString: gnutls_strerror(code)))") }
    return cache
  }()

  /// RFC 7301 §3.2: "In the event that the server supports no protocols that the client advertises, then the server SHALL
  /// respond with a fatal "no_application_protocol" alert."
  private func offer(_ protocols: [ApplicationProtocol]) {
    var names = protocols.map { Array($0.rawValue.utf8) }
    let flags = UInt32(GNUTLS_ALPN_MANDATORY.rawValue | GNUTLS_ALPN_SERVER_PRECEDENCE.rawValue)
    var data = names.indices.map { index in
      names[index].withUnsafeMutableBufferPointer { bytes in
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        copy.initialize(from: bytes.baseAddress!, count: bytes.count)
        return gnutls_datum_t(data: copy, size: UInt32(bytes.count))
      }
    }
    gnutls_alpn_set_protocols(session, &data, UInt32(data.count), flags)
    for datum in data { datum.data.deallocate() }
  }

  /// Lets the client resume the session later with a shorter handshake (RFC 8446 §2.2, RFC 5077).
  /// - Parameter key: GnuTLS keeps a copy, from which it derives new keys over time.
  func offerTickets(_ key: UnsafePointer<gnutls_datum_t>) {
    gnutls_session_ticket_enable_server(session, key)
  }

  /// Goes on with the handshake. A failure has been told to the client by an alert.
  func handshake() -> Progress {
    while true {
      let code = gnutls_handshake(session)
      if code == GNUTLS_E_SUCCESS { return .done }
      if code == GNUTLS_E_AGAIN {
        // A client may hold back its request until the end of its handshake is acknowledged, which TCP delays by 40 ms.
        acknowledgeNow()
        return .wait
      }
      if code == GNUTLS_E_INTERRUPTED || gnutls_error_is_fatal(code) == 0 { continue }
      // RFC 8446 §6.2: "Whenever an implementation encounters a fatal error condition, it SHOULD send an appropriate
      // fatal alert".
      gnutls_alert_send_appropriate(session, code)
      return .failed(reason: String(cString: gnutls_strerror(code)))
    }
  }

  /// The protocol that both sides have chosen; HTTP/1.1 if the client has offered none.
  var applicationProtocol: ApplicationProtocol {
    var chosen = gnutls_datum_t()
    guard gnutls_alpn_get_selected_protocol(session, &chosen) == GNUTLS_E_SUCCESS, let data = chosen.data else {
      return .http1
    }
    let name = String(decoding: UnsafeBufferPointer(start: data, count: Int(chosen.size)), as: UTF8.self)
    return ApplicationProtocol(rawValue: name) ?? .http1
  }

  /// Reads like `recv(2)`: the bytes in `buffer` that are filled, 0 at the end of the client's side, -1 if there are none
  /// now, -2 if the session has failed.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      errno = 0
      let count = gnutls_record_recv(session, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      switch Int32(count) {
      // GnuTLS gives this code also after a message of TLS itself, such as a new key (RFC 8446 §4.6.3). Then the socket may
      // have more, and no event will say so.
      case GNUTLS_E_AGAIN where errno == EAGAIN: return -1
      case GNUTLS_E_INTERRUPTED: continue
      // The client ended the connection without telling TLS.
      case GNUTLS_E_PREMATURE_TERMINATION: return 0
      case let code where gnutls_error_is_fatal(code) == 0: continue
      case let code:
        gnutls_alert_send_appropriate(session, code)
        return -2
      }
    }
  }

  /// Sends one record of at most `recordSize` bytes. GnuTLS keeps a record that the socket does not take, so that the
  /// bytes count as taken; see `hasUnsentRecord`.
  /// - Returns: the number of bytes taken: all, or 0 if an earlier record waits; nil if the client is gone.
  func send(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard let isFree = flush() else { return nil }
    guard isFree else { return 0 }
    while true {
      let count = gnutls_record_send(session, bytes.baseAddress, bytes.count)
      if count >= 0 { return count }
      if count == GNUTLS_E_INTERRUPTED { continue }
      guard count == GNUTLS_E_AGAIN else { return nil }
      hasUnsentRecord = true
      return bytes.count
    }
  }

  /// Sends the record that GnuTLS keeps.
  /// - Returns: whether there is none left; nil if the client is gone.
  func flush() -> Bool? {
    while hasUnsentRecord {
      // gnutls_record_send: with no data it continues the record that was interrupted.
      let count = gnutls_record_send(session, nil, 0)
      if count >= 0 {
        hasUnsentRecord = false
      } else if count == GNUTLS_E_AGAIN {
        return false
      } else if count != GNUTLS_E_INTERRUPTED {
        return nil
      }
    }
    return true
  }

  /// Tells the client that nothing follows (RFC 8446 §6.1), as far as the socket takes it.
  func end() {
    gnutls_bye(session, GNUTLS_SHUT_WR)
  }

  private func acknowledgeNow() {
    var now: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &now, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Whether the first byte that waits in a socket begins HTTP without TLS; nil if no byte has come yet. An HTTP method
  /// begins with a letter, and TLS with the record type 22 (RFC 8446 §5.1).
  static func isPlainHTTP(_ socket: Int32) -> Bool? {
    var first: UInt8 = 0
    guard recv(socket, &first, 1, Int32(MSG_PEEK)) == 1 else { return nil }
    return (0x41...0x5A).contains(first)
  }

  /// The answer to a client that speaks HTTP without TLS, so that the client learns the reason.
  static let plainAnswer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n\(plainContent)"
  static let plainContent = "this port speaks https\n"
}
