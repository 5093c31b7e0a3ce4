import CGnuTLS
import CMicroHTTPD
import Glibc

/// Connections of the server with itself, one for each of libmicrohttpd's threads. They read a body that never grows, and
/// so are resumed in every round of the followers: that wakes the threads.
///
/// libmicrohttpd 0.9.75 takes 128 events at a time from its epoll, and when it gets as many, waits for more before it looks
/// at them (MHD_epoll). Where none follow, 128 listeners would wait until something else happens on their thread.
final class Bell: Sendable {
  /// What all of them read.
  static let silence = GrowingBody(capacity: 0)

  private let descriptor: Int32

  /// - Parameters:
  ///   - thread: which of `threads` is to hear it.
  ///   - isTLS: whether the server speaks TLS, and so must its bells.
  init(on daemon: OpaquePointer, thread: Int, of threads: Int, isTLS: Bool) throws(SocketPair.Failure) {
    // MHD_add_connection picks the thread by the remainder of the descriptor.
    let pair = try SocketPair(remainder: thread, divisor: threads)
    descriptor = pair.near
    var address = sockaddr()
    address.sa_family = sa_family_t(AF_UNIX)
    let size = socklen_t(MemoryLayout<sa_family_t>.size)
    // It closes the socket, also where it fails.
    guard MHD_add_connection(daemon, pair.far, &address, size) == .YES else {
      throw SocketPair.Failure(call: "MHD_add_connection")
    }
    let request = "GET / HTTP/1.0\r\n\r\n"
    if isTLS { try sendSecretly(request) } else { write(descriptor, request, request.utf8.count) }
  }

  deinit {
    close(descriptor)
  }

  /// Sends through TLS, whatever certificate the server has.
  private func sendSecretly(_ request: String) throws(SocketPair.Failure) {
    var (session, credentials): (gnutls_session_t?, gnutls_certificate_credentials_t?) = (nil, nil)
    gnutls_certificate_allocate_credentials(&credentials)
    defer { gnutls_certificate_free_credentials(credentials) }
    gnutls_init(&session, UInt32(GNUTLS_CLIENT | GNUTLS_NO_SIGNAL))
    defer { gnutls_deinit(session) }
    gnutls_priority_set_direct(session, TLSSession.priorities, nil)
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
    gnutls_transport_set_int2(session, descriptor, descriptor)
    guard gnutls_handshake(session) == GNUTLS_E_SUCCESS,
      gnutls_record_send(session, request, request.utf8.count) == request.utf8.count
    else { throw SocketPair.Failure(call: "gnutls_handshake", code: EPROTO) }
  }

  /// Whether a connection is one of these: the others are of TCP.
  static func isBell(_ connection: OpaquePointer) -> Bool {
    mhd_address(connection).pointee.sa_family == AF_UNIX
  }
}
