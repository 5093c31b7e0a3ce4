import Glibc
import Testing

@testable import HTTP

@Suite struct ListenSocketTests {
  private static func failure(host: String, port: UInt16) -> ServerError? {
    do throws(ServerError) {
      let socket = try ListenSocket(host: host, port: port)
      close(socket.descriptor)
      return nil
    } catch {
      return error
    }
  }

  @Test func `the error of a taken port says so`() throws {
    let socket = try ListenSocket(host: "127.0.0.1", port: 0)
    defer { close(socket.descriptor) }
    #expect(socket.port != 0)
    #expect(
      Self.failure(host: "127.0.0.1", port: socket.port)?.description
        == "port \(socket.port) on 127.0.0.1 is taken by another program (bind: Address already in use)")
  }

  @Test func `the error of an unknown host says so`() {
    #expect(Self.failure(host: "no.such.host.invalid", port: 0)?.call == "getaddrinfo")
    #expect(
      Self.failure(host: "no.such.host.invalid", port: 0)?.description.hasPrefix(
        "host no.such.host.invalid is not known") == true)
  }

  @Test func `the error of another machine's address says so`() {
    #expect(
      Self.failure(host: "192.0.2.1", port: 0)?.description
        == "this machine has no address 192.0.2.1 (bind: Cannot assign requested address)")
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.1.2.3", true), ("localhost", true), ("::1", true), ("0.0.0.0", false), ("::", false),
  ])
  func `an address of this machine alone is told from one that others reach`(host: String, isLocal: Bool) throws {
    let socket = try ListenSocket(host: host, port: 0)
    defer { close(socket.descriptor) }
    #expect(socket.isLocal == isLocal)
  }

  @Test func `a child process does not inherit the socket`() throws {
    let socket = try ListenSocket(host: "127.0.0.1", port: 0)
    defer { close(socket.descriptor) }
    #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
  }

  /// Where the kernel has no IPv6 there is nothing to listen on.
  static let hasIPv6 = access("/proc/net/if_inet6", R_OK) == 0

  @Test(.enabled(if: hasIPv6)) func `IPv6 is served`() throws {
    let server = try Server(host: "::1", port: 0) { _ in .notFound }
    defer { server.stop() }
    #expect(try RawClient(port: server.port, host: "::1").get("/").status == 404)
  }

  @Test(.enabled(if: hasIPv6)) func `every address includes IPv4`() throws {
    let server = try Server(host: "::", port: 0) { _ in .notFound }
    defer { server.stop() }
    #expect(try RawClient(port: server.port, host: "::1").get("/").status == 404)
    #expect(try RawClient(port: server.port, host: "127.0.0.1").get("/").status == 404)
  }
}
