import Glibc

/// The server that the tests of WebSockets talk to. It prints its port, and ends with its standard input.
@main struct Main {
  static func main() throws {
    signal(SIGPIPE, SIG_IGN)
    let server = try EchoServer()
    print(server.port)
    fflush(nil)
    server.start()
    var byte: UInt8 = 0
    while read(STDIN_FILENO, &byte, 1) > 0 {}
  }
}
