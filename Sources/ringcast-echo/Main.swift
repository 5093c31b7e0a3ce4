import Glibc
import HTTP
import System

/// The server that the tests of WebSockets talk to. It prints its port, and ends with its standard input.
///
/// usage: ringcast-echo [--tls-cert FILE --tls-key FILE]
@main struct Main {
  static func main() throws {
    let arguments = CommandLine.arguments
    var certificate: Certificate?
    if arguments.count == 5, arguments[1] == "--tls-cert", arguments[3] == "--tls-key" {
      certificate = try Certificate(chain: File.read(arguments[2]), key: File.read(arguments[4]))
    }
    let server = try EchoServer(certificate)
    print(server.port)
    fflush(nil)
    server.start()
    var byte: UInt8 = 0
    while read(STDIN_FILENO, &byte, 1) > 0 {}
    server.stop()
  }
}
