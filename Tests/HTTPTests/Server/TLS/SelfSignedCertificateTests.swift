import Core
import Testing

@testable import HTTP

@Suite struct SelfSignedCertificateTests {
  private let now = WallTime("2026-11-30T12:00:00.000Z")!
  private let names: [CertificateName] = [
    .host("radio"), .host("radio.local"), .address(IPAddress("192.0.2.7")!), .address(IPAddress("2001:db8::7")!),
  ]

  @Test func `a certificate is good for the names and addresses that it was made for`() throws {
    let made = try SelfSignedCertificate(for: names, key: .made(), at: now)
    #expect(made.names == Set(names))
    #expect(String(decoding: made.pem, as: UTF8.self).hasPrefix("-----BEGIN CERTIFICATE-----\n"))
  }

  @Test func `a certificate is valid for 397 days, from the day before on`() throws {
    let made = try SelfSignedCertificate(for: names, key: .made(), at: now)
    #expect(made.begin.text == "2026-11-29T12:00:00.000Z")
    // The last second counts (RFC 5280 §4.1.2.5).
    #expect(made.end.text == "2027-12-31T11:59:59.000Z")
    #expect((made.end.microseconds - made.begin.microseconds) / 1_000_000 + 1 == 397 * 86_400)
  }

  @Test func `a certificate that is read has the same values`() throws {
    let made = try SelfSignedCertificate(for: names, key: .made(), at: now)
    #expect(try SelfSignedCertificate(pem: made.pem) == made)
    #expect(made.fingerprint.split(separator: ":").count == 32)
  }

  @Test func `no two certificates of a key are the same`() throws {
    let key = try PrivateKey.made()
    let (first, second) = (
      try SelfSignedCertificate(for: names, key: key, at: now), try SelfSignedCertificate(for: names, key: key, at: now)
    )
    #expect(first.pem != second.pem && first.fingerprint != second.fingerprint)
  }

  @Test func `a name longer than a subject may be is a name of the certificate nevertheless`() throws {
    let long = CertificateName.host(String(repeating: "a", count: 63) + "." + String(repeating: "b", count: 63))
    #expect(try SelfSignedCertificate(for: [long], key: .made(), at: now).names == [long])
  }

  @Test func `text that is no certificate is refused`() {
    #expect(throws: GnuTLSError.self) { try SelfSignedCertificate(pem: Array("no certificate".utf8)) }
  }

  @Test func `a key that is read signs for the key that was written`() throws {
    let key = try PrivateKey.made()
    let pem = try key.pem()
    #expect(String(decoding: pem, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    let made = try SelfSignedCertificate(for: names, key: key, at: now)
    #expect(try Certificate(made, key: PrivateKey(pem: pem)).expiry == made.end.microseconds / 1_000_000)
    #expect(throws: GnuTLSError.self) { try Certificate(made, key: .made()) }
    #expect(throws: GnuTLSError.self) { try PrivateKey(pem: Array("no key".utf8)) }
  }

  @Test func `a server shows a certificate that it was given before the start`() throws {
    let key = try PrivateKey.made()
    let made = try SelfSignedCertificate(for: [.host("localhost")], key: key, at: now)
    let server = try Server(on: [Server.Port(try ListenSocket(host: "127.0.0.1", port: 0), isSecure: true)])
    defer { server.stop() }
    server.present(try Certificate(made, key: key))
    server.start { _, _ in .respond(.text(200, "yes\n")) }
    let client = try RawClient(port: server.port, tls: "NORMAL")
    #expect(try client.get("/").text == "yes\n")
    let shown = Base64.encode(client.certificate)
    #expect(String(decoding: made.pem, as: UTF8.self).filter { !$0.isNewline }.contains(shown))
  }
}
