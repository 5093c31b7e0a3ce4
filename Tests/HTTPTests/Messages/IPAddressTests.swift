import Glibc
import Testing

@testable import HTTP

@Suite struct IPAddressTests {
  @Test(arguments: [
    ("192.0.2.17", "192.0.2.17"), ("::ffff:192.0.2.17", "192.0.2.17"), ("0.0.0.0", "0.0.0.0"),
    ("2001:DB8:0:7::1", "2001:db8:0:7::1"), ("::1", "::1"), ("::", "::"),
  ])
  func `it is printed as operators write it`(text: String, printed: String) throws {
    #expect(try #require(IPAddress(text)).description == printed)
  }

  @Test func `an address of version 4 is the same in either form`() throws {
    #expect(IPAddress("192.0.2.1") == IPAddress("::ffff:192.0.2.1"))
    #expect(IPAddress("192.0.2.1") != IPAddress("::192.0.2.1"))
  }

  @Test func `a socket's address is that of its text`() throws {
    var four = sockaddr_in()
    (four.sin_family, four.sin_port) = (sa_family_t(AF_INET), 80)
    four.sin_addr.s_addr = UInt32(0xC000_0211).bigEndian
    #expect(IPAddress(&four) == IPAddress("192.0.2.17"))
    var six = sockaddr_in6()
    six.sin6_family = sa_family_t(AF_INET6)
    inet_pton(AF_INET6, "2001:db8::7", &six.sin6_addr)
    #expect(IPAddress(&six)?.description == "2001:db8::7")
  }

  @Test(arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "2001:db8::g", "192.0.2.1:80"])
  func `what is no address is none`(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(arguments: [("192.0.2.17", 4), ("2001:db8:0:7::1", 16), ("::1", 16)])
  func `an address of either version has its bytes`(text: String, count: Int) throws {
    let address = try #require(IPAddress(text))
    #expect(address.bytes.count == count && IPAddress(bytes: address.bytes) == address)
    #expect(IPAddress(bytes: [1, 2, 3]) == nil)
    #expect(IPAddress("192.0.2.17")?.bytes == [192, 0, 2, 17])
  }

  @Test func `an address of one link is known, and the address of all addresses`() throws {
    for text in ["fe80::1", "febf:ffff::1"] { #expect(try #require(IPAddress(text)).isIPv6LinkLocal) }
    for text in ["fec0::1", "fe7f::1", "169.254.1.1"] { #expect(!(try #require(IPAddress(text)).isIPv6LinkLocal)) }
    for text in ["0.0.0.0", "::"] { #expect(try #require(IPAddress(text)).isUnspecified) }
    #expect(!(try #require(IPAddress("::1")).isUnspecified))
  }

  @Test func `a socket of another family has none`() {
    var address = sockaddr()
    address.sa_family = sa_family_t(AF_UNIX)
    #expect(IPAddress(&address) == nil)
  }
}
