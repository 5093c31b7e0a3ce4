import Glibc
import System

/// Two connected sockets of this process (socketpair(2)).
struct SocketPair {
  let near: Int32
  let far: Int32

  /// - Parameter remainder: the remainder of the far socket's descriptor, divided by `divisor`.
  init(remainder: Int, divisor: Int) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    try SystemError.check("socketpair", socketpair(AF_UNIX, type, 0, &ends))
    var copies = [ends[1]]
    defer { for copy in copies { close(copy) } }
    while Int(copies.last!) % divisor != remainder {
      let copy = fcntl(ends[1], F_DUPFD_CLOEXEC, 0)
      guard copy >= 0 else {
        let failure = SystemError(call: "fcntl", code: errno)
        close(ends[0])
        throw failure
      }
      copies.append(copy)
    }
    (near, far) = (ends[0], copies.removeLast())
  }
}
