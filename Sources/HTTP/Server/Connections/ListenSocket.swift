import CEpoll
import Glibc
import System

/// A listening TCP socket. Connections wait until a server accepts them.
package struct ListenSocket: Sendable {
  /// The host that it listens on.
  package let host: String
  /// The host that was asked for, if 0.0.0.0 takes its place because the kernel has no IPv6.
  package private(set) var replacedHost: String?
  /// The actual port, if 0 was asked for.
  package let port: UInt16
  let descriptor: Int32

  /// Listens on the first address of `host` that this machine has; "::" takes IPv4 too.
  /// - Parameters:
  ///   - host: a name or an address of this machine; "::" is all addresses.
  ///   - port: 0 picks a free one.
  package init(host: String, port: UInt16) throws(ServerError) {
    do throws(ServerError) {
      try self.init(firstAddressOf: host, port: port)
    } catch {
      // "::" means every address. Without IPv6 in the kernel, as in many containers, every address is an IPv4 address.
      guard error.call == "socket", error.code == EAFNOSUPPORT, IPAddress(host) == .unspecified else { throw error }
      try self.init(firstAddressOf: "0.0.0.0", port: port)
      replacedHost = host
    }
  }

  private init(firstAddressOf host: String, port: UInt16) throws(ServerError) {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &found)
    guard code == 0 else { throw ServerError(host: host, port: port, call: "getaddrinfo", code: code) }
    defer { freeaddrinfo(found) }

    var failure = ServerError(host: host, port: port, call: "getaddrinfo", code: EAI_NONAME)
    for address in sequence(first: found, next: { $0?.pointee.ai_next }) {
      guard let address else { break }
      do throws(SystemError) {
        self.descriptor = try Self.listening(address.pointee)
        (self.host, self.port) = (host, Self.port(of: descriptor))
        return
      } catch {
        failure = ServerError(host: host, port: port, call: error.call, code: error.code)
        // Try the next address only if this machine lacks this one, not if the port is taken.
        guard error.code == EADDRNOTAVAIL || error.code == EAFNOSUPPORT else { break }
      }
    }
    throw failure
  }

  /// An accepted connection, which never waits, and the address of the client.
  struct Accepted {
    let descriptor: Int32
    private var storage = sockaddr_storage()

    fileprivate init(from socket: Int32) throws(SystemError) {
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      descriptor = withUnsafeMutablePointer(to: &storage) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          accept4(socket, $0, &length, Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue))
        }
      }
      try SystemError.check("accept", descriptor)
    }

    /// Nil for a client without an address of the Internet Protocol.
    var address: IPAddress? { withUnsafePointer(to: storage) { IPAddress(UnsafeRawPointer($0)) } }
  }

  /// Whether only this machine can reach the socket: it is bound to an address of 127.0.0.0/8, or to ::1.
  package var isLocal: Bool {
    Self.withName(of: descriptor) { name in
      switch Int32(name.loadUnaligned(as: sa_family_t.self)) {
      case AF_INET: UInt32(bigEndian: name.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr) >> 24 == 127
      case AF_INET6:
        withUnsafeBytes(of: name.loadUnaligned(as: sockaddr_in6.self).sin6_addr) {
          $0.elementsEqual([UInt8](repeating: 0, count: 15) + [1])
        }
      default: false
      }
    }
  }

  /// Listens no more. Not for a socket that a server has.
  package func close() {
    Glibc.close(descriptor)
  }

  /// Accepts the connection that has waited longest; EAGAIN if there is none.
  func accept() throws(SystemError) -> Accepted { try Accepted(from: descriptor) }

  private static func listening(_ address: addrinfo) throws(SystemError) -> Int32 {
    let type = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = try SystemError.check("socket", socket(address.ai_family, type, address.ai_protocol))
    do throws(SystemError) {
      // Connections of a stopped server linger for a minute, and must not keep the next server from its port.
      try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
      // Unread bytes wait in the kernel's memory, by default up to megabytes a connection (tcp(7)). Requests are small.
      try set(descriptor, SOL_SOCKET, SO_RCVBUF, 16_384)
      // Each answer is sent in one piece, and a chunk of sound must not wait for an acknowledgement (tcp(7)). Connections
      // inherit the option.
      try set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
      if address.ai_family == AF_INET6 { try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
      try SystemError.check("bind", bind(descriptor, address.ai_addr, address.ai_addrlen))
      try SystemError.check("listen", listen(descriptor, SOMAXCONN))
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) throws(SystemError) {
    var value = value
    let size = socklen_t(MemoryLayout<Int32>.size)
    try SystemError.check("setsockopt", setsockopt(descriptor, level, option, &value, size))
  }

  private static func port(of descriptor: Int32) -> UInt16 {
    // sin_port and sin6_port lie at the same place.
    withName(of: descriptor) { UInt16(bigEndian: $0.loadUnaligned(as: sockaddr_in.self).sin_port) }
  }

  private static func withName<Result>(of descriptor: Int32, _ body: (UnsafeRawPointer) -> Result) -> Result {
    var name = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
    }
    return withUnsafePointer(to: name) { body(UnsafeRawPointer($0)) }
  }
}
