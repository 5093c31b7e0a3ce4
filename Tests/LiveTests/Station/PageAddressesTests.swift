import HTTP
import Testing

@testable import Live

@Suite struct PageAddressesTests {
  private func urls(
    _ host: String, port: UInt16 = 8080, scheme: String = "http", isLocal: Bool = false, _ present: String...
  ) -> [String] {
    PageAddresses(
      scheme: scheme, host: host, port: port, isLocal: isLocal, present: present.compactMap { IPAddress($0) }
    ).urls
  }

  @Test func `a port for all machines has a URL for each address, IPv4 first`() {
    #expect(
      urls("::", "127.0.0.1", "2001:db8::7", "192.0.2.7", "::1", "fe80::1", "192.0.2.7")
        == ["http://192.0.2.7:8080/", "http://[2001:db8::7]:8080/"])
  }

  @Test func `a port for all machines with IPv4 has no URL with IPv6`() {
    #expect(urls("0.0.0.0", "2001:db8::7", "192.0.2.7") == ["http://192.0.2.7:8080/"])
  }

  @Test func `a port at one host has the URL of this host`() {
    #expect(urls("radio.example", "192.0.2.7") == ["http://radio.example:8080/"])
    #expect(urls("2001:db8::7", "192.0.2.7") == ["http://[2001:db8::7]:8080/"])
  }

  @Test func `a port that only this machine reaches has no URL`() {
    #expect(urls("localhost", isLocal: true, "192.0.2.7").isEmpty)
  }

  @Test func `a URL does not name the default port of its scheme`() {
    #expect(urls("192.0.2.7", port: 80) == ["http://192.0.2.7/"])
    #expect(urls("192.0.2.7", port: 443, scheme: "https") == ["https://192.0.2.7/"])
    #expect(urls("192.0.2.7", port: 443) == ["http://192.0.2.7:443/"])
  }

  @Test func `a machine with many addresses shows eight of them`() {
    let many = (1...20).compactMap { IPAddress("192.0.2.\($0)") }
    #expect(PageAddresses(scheme: "http", host: "::", port: 80, isLocal: false, present: many).urls.count == 8)
  }
}
