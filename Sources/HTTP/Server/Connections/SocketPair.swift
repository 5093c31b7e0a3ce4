import Glibc

/// Two sockets of this process that are connected to each other (socketpair(2)).
struct SocketPair {
  let near: Int32
  let far: Int32

  struct Failure: Error {
    let call: String
    var code = errno
  }

  /// - Parameter remainder: of the far one's descriptor, when it is divided by `divisor`.
  init(remainder: Int, divisor: Int) throws(Failure) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Failure(call: "socketpair") }
    var copies = [ends[1]]
    defer { for copy in copies { close(copy) } }
    while Int(copies.last!) % divisor != remainder {
      let copy = fcntl(ends[1], F_DUPFD_CLOEXEC, 0)
      guard copy >= 0 else {
        let failure = Failure(call: "fcntl")
        close(ends[0])
        throw failure
      }
      copies.append(copy)
    }
    (near, far) = (ends[0], copies.removeLast())
  }
}
