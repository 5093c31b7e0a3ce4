import Testing

@testable import HTTP

@Suite struct TrustedProxiesTests {
  private let proxies = TrustedProxies([IPAddress("127.0.0.1")!, IPAddress("2001:db8::1")!])
  private let proxy = Client(connection: 7, address: IPAddress("127.0.0.1"))

  private func client(_ fields: (String, String)...) -> Client {
    proxies.client(of: proxy, HeaderFields(fields.map { (name: $0.0, value: $0.1) }))
  }

  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7"), ("192.0.2.7:1234", "192.0.2.7"), ("[2001:db8::7]:80", "2001:db8::7"),
    ("2001:db8::7", "2001:db8::7"), ("10.9.8.7, 192.0.2.7", "192.0.2.7"),
    ("10.9.8.7, 192.0.2.7, 2001:db8::1", "192.0.2.7"),
    // Text that is no address hides what stands before it.
    ("192.0.2.7, unknown", "127.0.0.1"), ("unknown, 192.0.2.7", "192.0.2.7"), ("", "127.0.0.1"),
    ("2001:db8::1", "2001:db8::1"), ("192.0.2.7,, 127.0.0.1 ,", "192.0.2.7"),
  ])
  func `the client is the last address that is no trusted proxy's`(field: String, address: String) {
    #expect(client(("X-Forwarded-For", field)).address == IPAddress(address))
  }

  @Test func `several lines are one list`() {
    #expect(
      client(("X-Forwarded-For", "10.0.0.1"), ("x-forwarded-for", "192.0.2.7")).address == IPAddress("192.0.2.7"))
  }

  @Test(arguments: [("https", true), ("HTTPS", true), ("http", false), ("https, http", true), ("", false)])
  func `the proxy says whether the client's connection is encrypted`(field: String, isSecure: Bool) {
    #expect(client(("X-Forwarded-Proto", field)).isSecure == isSecure)
    #expect(client(("X-Forwarded-Proto", field)).connection == 7)
  }

  @Test func `without the fields the proxy is the client`() {
    #expect(client() == proxy)
  }
}
