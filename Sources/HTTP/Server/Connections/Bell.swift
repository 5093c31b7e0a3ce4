import CGnuTLS
import CMicroHTTPD
import Glibc
import System

/// A connection of the server with itself. Each of libmicrohttpd's threads has one. It reads a body that never grows, so
/// that every round of the followers resumes it, and this wakes the thread.
///
/// libmicrohttpd 0.9.75 takes 128 events at a time from its epoll. If it gets 128, it waits for more before it handles them
/// (MHD_epoll). If no more events followed, 128 listeners would wait until something else happened on their thread.
final class Bell: Sendable {
  /// The body that all of them read.
  static let silence = GrowingBody(capacity: 0)

  private let descriptor: Int32

  /// - Parameters:
  ///   - thread: the index of the thread to wake, among `threads`.
  ///   - isTLS: whether the server speaks TLS, and so must the connection.
  init(on daemon: OpaquePointer, thread: Int, of threads: Int, isTLS: Bool) throws(SystemError) {
    // MHD_add_connection picks the thread by the remainder of the descriptor.
    let pair = try SocketPair(remainder: thread, divisor: threads)
    descriptor = pair.near
    var address = sockaddr()
    address.sa_family = sa_family_t(AF_UNIX)
    let size = socklen_t(MemoryLayout<sa_family_t>.size)
    // MHD_add_connection closes the socket even if it fails.
    guard MHD_add_connection(daemon, pair.far, &address, size) == .YES else {
      throw SystemError(call: "MHD_add_connection", code: errno)
    }
    let request = "GET / HTTP/1.0\r\n\r\n"
    if isTLS { try sendSecretly(request) } else { write(descriptor, request, request.utf8.count) }
  }

  deinit {
    close(descriptor)
  }

  /// Sends through TLS, and accepts any certificate.
  private func sendSecretly(_ request: String) throws(SystemError) {
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
    else { throw SystemError(call: "gnutls_handshake", code: EPROTO) }
  }

  /// Whether a connection is one of the server with itself; the others are TCP.
  static func isBell(_ connection: OpaquePointer) -> Bool {
    mhd_address(connection).pointee.sa_family == AF_UNIX
  }
}
