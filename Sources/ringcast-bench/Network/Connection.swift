import Glibc
import System

/// A non-blocking TCP connection to the server.
struct Connection: ~Copyable {
  private let descriptor: Int32

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Begins to connect.
  /// - Parameter source: the last octet of the source address 127.0.0.x, because one address has at most 28 000 ports
  ///   (ip_local_port_range); nil if the server is on another machine.
  static func open(to url: URL, source: Int?) throws(SystemError) -> Connection {
    let connection = Connection(
      descriptor: try SystemError.check(
        "socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)))
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

  /// Sends a short request; false if it was not sent completely. It always fits, because nothing else is being sent.
  func send(_ request: String) -> Bool {
    var request = request
    return request.withUTF8 { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) == $0.count }
  }

  enum Received {
    /// The number of bytes in the buffer.
    case bytes(Int)
    case nothingNow
    case closed
    case failed
  }

  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Received {
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
