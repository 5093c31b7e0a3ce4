import CGnuTLS
import Glibc
import Testing

/// One connection to a server on this machine, of TCP or of TLS on top of it: bytes out, bytes in, nothing interpreted but
/// where a response ends.
final class RawClient {
  enum Failure: Error {
    case connect(Int32), write(Int32), read(Int32), handshake(Int32)
    case closed(after: [UInt8])
  }

  private let descriptor: Int32
  /// Nil without TLS.
  private var session: gnutls_session_t?
  private var credentials: gnutls_certificate_credentials_t?
  private var received: [UInt8] = []
  /// Called before each wait for more, and while it lasts.
  var onWait: (() -> Void)?

  /// - Parameter isNarrow: whether the systems at both ends are to keep as little for it as they can, some ten kilobytes,
  ///   and not megabytes.
  /// - Parameter source: an address of this machine; 127.0.0.0/8 are.
  init(port: UInt16, host: String = "127.0.0.1", from source: String? = nil, isNarrow: Bool = false) throws {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var address: UnsafeMutablePointer<addrinfo>?
    let found = getaddrinfo(host, String(port), &hints, &address)
    guard found == 0, let address else { throw Failure.connect(found) }
    defer { freeaddrinfo(address) }
    descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
    if isNarrow {
      // The sender's buffer goes by the size of segments.
      var (buffer, segment) = (Int32(1), Int32(536))
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, socklen_t(MemoryLayout<Int32>.size))
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, &segment, socklen_t(MemoryLayout<Int32>.size))
    }
    if let source {
      var own = sockaddr_in()
      own.sin_family = sa_family_t(AF_INET)
      inet_pton(AF_INET, source, &own.sin_addr)
      withUnsafePointer(to: own) {
        _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    guard connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
      let code = errno
      close(descriptor)
      throw Failure.connect(code)
    }
    // A test that waits in vain fails instead of hanging.
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  /// - Parameter priorities: what it speaks, as GnuTLS says it; it takes any certificate.
  /// - Parameter name: the protocol that the client offers inside TLS, such as `h2`.
  convenience init(
    port: UInt16, from source: String? = nil, tls priorities: String, offering name: String? = nil,
    isNarrow: Bool = false
  ) throws {
    try self.init(port: port, from: source, isNarrow: isNarrow)
    gnutls_certificate_allocate_credentials(&credentials)
    gnutls_init(&session, UInt32(GNUTLS_CLIENT | GNUTLS_NO_SIGNAL))
    gnutls_priority_set_direct(session, priorities, nil)
    if let name {
      var bytes = Array(name.utf8)
      bytes.withUnsafeMutableBufferPointer { bytes in
        var datum = gnutls_datum_t(data: bytes.baseAddress, size: UInt32(bytes.count))
        gnutls_alpn_set_protocols(session, &datum, 1, 0)
      }
    }
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
    gnutls_transport_set_int2(session, descriptor, descriptor)
    let code = gnutls_handshake(session)
    guard code == GNUTLS_E_SUCCESS else { throw Failure.handshake(code) }
  }

  deinit {
    if let session { gnutls_deinit(session) }
    if let credentials { gnutls_certificate_free_credentials(credentials) }
    close(descriptor)
  }

  /// The socket at the other end, of a server in this process.
  var serverSocket: Int32? {
    let local = Self.address { getsockname(descriptor, $0, $1) }
    return (0..<65_536).first { other in local != nil && Self.address { getpeername(other, $0, $1) } == local }
  }

  private static func address(
    _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> [UInt8]? {
    var address = sockaddr()
    var length = socklen_t(MemoryLayout<sockaddr>.size)
    guard call(&address, &length) == 0, address.sa_family == AF_INET else { return nil }
    // Family, port and address; the rest is padding.
    return withUnsafeBytes(of: address) { Array($0.prefix(8)) }
  }

  /// The server's own certificate, as it was shown (DER).
  var certificate: [UInt8] {
    var count: UInt32 = 0
    let list = gnutls_certificate_get_peers(session, &count)
    return list.map { Array(UnsafeBufferPointer(start: $0[0].data, count: Int($0[0].size))) } ?? []
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// Nothing more is sent; answers are still read.
  func finishSending() {
    if let session { gnutls_bye(session, GNUTLS_SHUT_WR) }
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Sends as long as the socket takes bytes within half a second, and no longer. Without TLS.
  /// - Returns: the number of bytes that the socket took.
  func sendUntilFull(_ bytes: [UInt8]) -> Int {
    var sent = 0
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    while sent < bytes.count, poll(&entry, 1, 500) > 0 {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count < 0, errno != EAGAIN { break }
      sent += max(0, count)
    }
    return sent
  }

  /// The next bytes, at least one.
  func some() throws -> [UInt8] {
    if received.isEmpty { try receive() }
    defer { received = [] }
    return received
  }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        session == nil
          ? Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
          : gnutls_record_send(session, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw Failure.write(errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// Changes the key of this side (RFC 8446 §4.6.3), and sends a text in the same packet of TCP.
  func renewKey(andSend text: String) throws {
    hold(1)
    let code = gnutls_session_key_update(session, 0)
    guard code == GNUTLS_E_SUCCESS else { throw Failure.write(code) }
    try send(text)
    hold(0)
  }

  private func hold(_ isHeld: Int32) {
    var isHeld = isHeld
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CORK, &isHeld, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The next response; `toHead` says that it has no content whatever its fields say.
  func response(toHead: Bool = false) throws -> RawResponse {
    let headEnd = try position(of: Array("\r\n\r\n".utf8))
    let lines = String(decoding: received[..<headEnd], as: UTF8.self).split(separator: "\r\n").map(String.init)
    received.removeFirst(headEnd + 4)
    var response = RawResponse(lines: lines, body: [])
    if !toHead && response.status != 304 && response.status != 204 {
      let length = Int(response.header("Content-Length") ?? "") ?? 0
      while received.count < length { try receive() }
      response.body = Array(received.prefix(length))
      received.removeFirst(length)
    }
    return response
  }

  /// Sends a GET and takes its response.
  func get(_ target: String, _ headers: String...) throws -> RawResponse {
    try send((["GET \(target) HTTP/1.1", "Host: x"] + headers + ["", ""]).joined(separator: "\r\n"))
    return try response()
  }

  /// The head of the next response, whose content is still to come.
  func head() throws -> RawResponse { try response(toHead: true) }

  /// The next chunk of a chunked content (RFC 9112 §7.1); empty at its end.
  func chunk() throws -> [UInt8] {
    let lineEnd = try position(of: Array("\r\n".utf8))
    guard let size = Int(String(decoding: received[..<lineEnd], as: UTF8.self), radix: 16) else {
      throw Failure.closed(after: received)
    }
    while received.count < lineEnd + 2 + size + 2 { try receive() }
    defer { received.removeFirst(lineEnd + 2 + size + 2) }
    return Array(received[lineEnd + 2..<lineEnd + 2 + size])
  }

  /// Chunks until `count` bytes have come, or the end.
  func chunks(atLeast count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let chunk = try chunk()
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return bytes
  }

  /// The next bytes, so many.
  func bytes(_ count: Int) throws -> [UInt8] {
    while received.count < count { try receive() }
    defer { received.removeFirst(count) }
    return Array(received.prefix(count))
  }

  /// Everything until the server closes, which it must.
  func rest() -> [UInt8] {
    do {
      while true { try receive() }
    } catch Failure.read(EAGAIN) {
      Issue.record("the server has not closed the connection")
    } catch {}
    defer { received = [] }
    return received
  }

  /// Reads nothing until the server resets the connection, which it must.
  func waitForReset() throws {
    try wait(for: 0)
  }

  /// Waits for one of these events (poll(2)), or an error.
  private func wait(for events: Int32) throws {
    for _ in 0..<6000 {
      onWait?()
      var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      if poll(&entry, 1, 10) > 0 { return }
    }
    throw Failure.read(EAGAIN)
  }

  /// How many of the next bytes were there to be taken; nil where the server has closed.
  func take(atMost count: Int) -> Int? {
    var buffer = [UInt8](repeating: 0, count: count)
    let taken = read(descriptor, &buffer, count)
    return taken > 0 ? taken : nil
  }

  private func position(of mark: [UInt8]) throws -> Int {
    while true {
      if let found = received.indices.first(where: { received[$0...].starts(with: mark) }) { return found }
      try receive()
    }
  }

  private func receive() throws {
    if onWait != nil { try wait(for: POLLIN) }
    var buffer = [UInt8](repeating: 0, count: 65536)
    var count = 0
    repeat {
      errno = 0
      count =
        session == nil ? read(descriptor, &buffer, buffer.count) : gnutls_record_recv(session, &buffer, buffer.count)
      // GnuTLS says so too when a ticket has come, and nothing else yet (gnutls_record_recv).
    } while count == Int(GNUTLS_E_AGAIN) && errno == 0
    // GnuTLS has codes of its own.
    if count < 0 { throw Failure.read(session == nil ? errno : count == GNUTLS_E_AGAIN ? EAGAIN : EPROTO) }
    if count == 0 { throw Failure.closed(after: received) }
    received += buffer.prefix(count)
  }
}

struct RawResponse {
  /// The status line and the field lines, as they came.
  let lines: [String]
  var body: [UInt8]

  var status: Int { Int(lines[0].split(separator: " ")[1])! }
  var text: String { String(decoding: body, as: UTF8.self) }

  func header(_ name: String) -> String? {
    lines.dropFirst().first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }.map {
      String($0.dropFirst(name.count + 2))
    }
  }
}
