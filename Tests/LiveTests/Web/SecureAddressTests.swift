import HTTP
import Testing

@testable import Live

@Suite struct SecureAddressTests {
  private func request(_ host: String?, isSecure: Bool = false, method: Request.Method = .get) -> Request {
    Request(
      method: method, path: "/secure.json", headers: host.map { [(name: "Host", value: $0)] } ?? [],
      client: Client(isSecure: isSecure))
  }

  @Test(arguments: [
    ("radio.example:8080", 8443, "https://radio.example:8443/"), ("Radio.Example", 8443, "https://radio.example:8443/"),
    ("192.0.2.7:80", 443, "https://192.0.2.7/"), ("[2001:DB8::7]:8080", 8443, "https://[2001:db8::7]:8443/"),
    ("localhost:8080", 8443, "https://localhost:8443/"),
  ])
  func `the address has the host of the request, and the port of https`(host: String, port: UInt16, url: String) {
    #expect(SecureAddress(port: port).url(for: request(host)) == url)
  }

  @Test func `the address of a request that came by https is the address that the client has`() {
    #expect(SecureAddress(port: 8443).url(for: request("Radio.example", isSecure: true)) == "https://radio.example/")
    #expect(
      SecureAddress(port: nil).url(for: request("radio.example:9443", isSecure: true)) == "https://radio.example:9443/")
  }

  @Test func `a station without https has no such address, nor has a request without a host`() {
    #expect(SecureAddress(port: nil).url(for: request("radio.example")) == nil)
    for host in [nil, "", "<b>x</b>", "a b"] {
      #expect(SecureAddress(port: 8443).url(for: request(host)) == nil)
      #expect(SecureAddress(port: 8443).url(for: request(host, isSecure: true)) == nil)
    }
  }

  @Test func `the answer is JSON that no cache keeps`() {
    let answer = SecureAddress(port: 8443).response(to: request("radio.example"))
    #expect(String(decoding: answer.content, as: UTF8.self) == #"{"url":"https://radio.example:8443/"}"#)
    #expect(answer.header("Content-Type") == "application/json" && answer.header("Cache-Control") == "no-store")
    let none = SecureAddress(port: nil).response(to: request("radio.example"))
    #expect(String(decoding: none.content, as: UTF8.self) == #"{"url":null}"#)
    #expect(SecureAddress(port: nil).response(to: request("x", method: .put)).status == 405)
  }
}
