import Glibc
import System

/// A non-blocking connection to the server: TCP, or TLS over TCP.
struct Connection: ~Copyable {
  private let descriptor: Int32
  /// Nil on a connection without TLS.
  private let tls: TLSClient?

  private init(descriptor: Int32, _ credentials: TLSClient.Credentials?) {
    self.descriptor = descriptor
    tls = credentials.map { TLSClient(on: descriptor, $0) }
  }

  /// Begins to connect.
  /// - Parameters:
  ///   - source: the last octet of the source address 127.0.0.x, because one address has at most 28 000 ports
  ///     (ip_local_port_range); nil if the server is on another machine.
  ///   - credentials: used if the URL is one of https.
  static func open(
    to url: URL, source: Int?, _ credentials: TLSClient.Credentials
  ) throws(SystemError) -> Connection {
    let connection = Connection(
      descriptor: try SystemError.check(
        "socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)),
      url.isSecure ? credentials : nil)
    let descriptor = connection.descriptor
    if let source {
      var enable: Int32 = 1
      // The port is chosen at connect(): otherwise two destinations could not share it (ip(7)).
      setsockopt(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &enable, socklen_t(MemoryLayout<Int32>.size))
      let result = withAddress("127.0.0.\(source)", 0) { bind(descriptor, $0, $1) }
      try SystemError.check("bind", result)
    }
    let result = withAddress(url.address, url.port) { connect(descriptor, $0, $1) }
    if result < 0, errno != EINPROGRESS { throw SystemError(call: "connect", code: errno) }
    return connection
  }

  deinit {
    close(descriptor)
  }

  func watch(by epoll: borrowing Epoll, number: Int) throws(SystemError) {
    try epoll.add(descriptor, number: number)
  }

  /// Continues to connect, after an event.
  func continueOpening() -> TLSClient.Handshake {
    tls?.handshake() ?? .done
  }

  /// Whether a receipt that leaves room in the buffer has emptied the socket. A TLS record is smaller than the buffer.
  var isEmptyAfterShortReceipt: Bool { tls == nil }

  /// Sends a short request; false if it was not sent completely. It always fits, because nothing else is being sent.
  func send(_ request: String) -> Bool {
    var request = request
    return request.withUTF8 {
      tls?.send($0) ?? (Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) == $0.count)
    }
  }

  enum Received {
    /// The number of bytes in the buffer.
    case bytes(Int)
    case nothingNow
    case closed
    case failed
  }

  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Received {
    if let tls { return tls.receive(into: buffer) }
    let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
    if count > 0 { return .bytes(count) }
    if count == 0 { return .closed }
    return errno == EAGAIN ? .nothingNow : .failed
  }

  private static func withAddress(
    _ text: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    inet_pton(AF_INET, text, &address.sin_addr)
    return withUnsafePointer(to: address) {
      body(UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self), socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}
