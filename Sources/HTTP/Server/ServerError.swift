import Glibc

/// The reason why a server could not start.
package struct ServerError: Error, CustomStringConvertible {
  package let host: String
  package let port: UInt16
  /// The C function that failed.
  package let call: String
  /// The error number of errno(3); for getaddrinfo its own code.
  package let code: Int32

  package var description: String {
    switch (call, code) {
    case ("bind", EADDRINUSE), ("listen", EADDRINUSE): "port \(port) on \(host) is taken by another program (\(reason))"
    case ("bind", EACCES): "port \(port) on \(host) is not allowed to this user (\(reason))"
    case ("bind", EADDRNOTAVAIL): "this machine has no address \(host) (\(reason))"
    case ("getaddrinfo", _): "host \(host) is not known (\(reason))"
    default: "cannot listen on port \(port) of \(host) (\(reason))"
    }
  }

  /// Whether another program listens at the address.
  package var isInUse: Bool { code == EADDRINUSE && call != "getaddrinfo" }

  private var reason: String {
    "\(call): \(call == "getaddrinfo" ? String(cString: gai_strerror(code)) : String(cString: strerror(code)))"
  }
}
