import Glibc
import HTTP
import System

/// Accepts WebSockets on a free port of this machine, each on a thread of its own.
struct EchoServer: Sendable {
  private let socket: Int32
  let port: UInt16
  private let record = ClosedRecord()

  init() throws(SystemError) {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try SystemError.check("socket", socket)
    try SystemError.check("listen", listen(socket, 128))
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = socket
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
    }
    try SystemError.check("getsockname", code)
    port = UInt16(bigEndian: address.sin_port)
  }

  func start() {
    NamedThread(name: "accept") { [self] in
      while true {
        let descriptor = accept(socket, nil, nil)
        guard descriptor >= 0 else { continue }
        NamedThread(name: "connection") { [self] in
          Connection(descriptor)?.serve(record)
          close(descriptor)
        }.detach()
      }
    }.detach()
  }
}
