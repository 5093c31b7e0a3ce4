import Testing

@testable import HTTP

@Suite struct ClientAddressTests {
  static func address(_ text: String) throws -> ClientAddress { ClientAddress(try #require(IPAddress(text))) }

  @Test func `an IPv4 address is one client, however it is written`() throws {
    #expect(try Self.address("192.0.2.1") == Self.address("::ffff:192.0.2.1"))
    #expect(try Self.address("192.0.2.1") != Self.address("192.0.2.2"))
    #expect(try Self.address("::ffff:192.0.2.1") != Self.address("::ffff:192.0.2.2"))
  }

  @Test func `whoever has an IPv6 network is one client`() throws {
    #expect(try Self.address("2001:db8:1:2::1") == Self.address("2001:db8:1:2:ffff::9"))
    #expect(try Self.address("2001:db8:1:2::1") != Self.address("2001:db8:1:3::1"))
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("::1", true), ("::ffff:127.0.0.1", true), ("127.0.0.2", false), ("10.0.0.1", false),
    ("fe80::1", false), ("fd00::1", false),
  ])
  func `this machine's own address is told from others`(text: String, isLocal: Bool) throws {
    #expect(try Self.address(text).isLocal == isLocal)
  }

  @Test(arguments: [
    ("192.0.2.17", "192.0.2.17"), ("::ffff:192.0.2.17", "192.0.2.17"), ("2001:db8:0:7::1", "2001:db8:0:7::/64"),
  ])
  func `it is printed as operators write it`(text: String, printed: String) throws {
    #expect(try Self.address(text).description == printed)
  }
}
