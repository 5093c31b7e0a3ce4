import Glibc
import System

/// A non-blocking connection to the server: TCP, or TLS over TCP, and inside it HTTP/1.1 or HTTP/2.
struct Connection: ~Copyable {
  private let descriptor: Int32
  /// Nil on a connection without TLS.
  private let tls: TLSClient?
  /// The host and the port of the URL.
  private let authority: String
  private var reader = ResponseReader()
  /// Nil on a connection that speaks HTTP/1.1.
  private var http2: HTTP2Client?

  private init(descriptor: Int32, authority: String, _ credentials: TLSClient.Credentials?) {
    (self.descriptor, self.authority) = (descriptor, authority)
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
      authority: "\(url.address):\(url.port)", url.isSecure ? credentials : nil)
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
  mutating func continueOpening() -> TLSClient.Handshake {
    guard let tls else { return .done }
    let outcome = tls.handshake()
    if case .done = outcome, tls.version == .http2 { http2 = HTTP2Client(authority: authority) }
    return outcome
  }

  /// Whether a receipt that leaves room in the buffer has emptied the socket. A TLS record is smaller than the buffer.
  var isEmptyAfterShortReceipt: Bool { tls == nil }

  /// Sends a request; false if it was not sent completely. It always fits, because nothing else is being sent.
  func get(_ path: String) -> Bool {
    if let http2 { return http2.get(path) && send(http2.output()) }
    return send(
      Array("GET \(path) HTTP/1.1\r\nHost: \(authority)\r\nUser-Agent: ringcast-bench\r\n\r\n".utf8))
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes {
      tls?.send($0) ?? (Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) == $0.count)
    }
  }

  /// Whether a response has begun and is not complete.
  var isInside: Bool { http2?.isInside ?? reader.isInside }

  /// Takes the next event of the response from received bytes; nil if more bytes are needed.
  mutating func next(_ input: inout UnsafeRawBufferPointer) -> ResponseEvent? {
    guard let http2 else { return reader.next(&input) }
    if let event = http2.next(&input) { return event }
    // The acknowledgements of the server's settings and pings.
    let bytes = http2.output()
    return bytes.isEmpty || send(bytes) ? nil : .reset
  }

  /// The event when the server closes the connection.
  mutating func closed() -> ResponseEvent { http2?.closed() ?? reader.closed() }

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
