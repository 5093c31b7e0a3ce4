import Testing

@testable import HTTP

@Suite struct CertificateTests {
  private let one = TestCertificate(expiry: 2_000_000_000)

  @Test func `a certificate and its key are taken, and it is known when they expire`() throws {
    #expect(try Certificate(chain: one.chain, key: one.key).expiry == 2_000_000_000)
  }

  @Test func `a key that is another's is refused`() {
    #expect(throws: Certificate.Failure.mismatch) { try Certificate(chain: one.chain, key: TestCertificate().key) }
  }

  @Test func `what is no certificate or no key is told apart`() {
    for chain in [[], one.key, Array("nothing\n".utf8), Array(one.chain.dropLast(200))] {
      let failure = #expect(throws: Certificate.Failure.self) { try Certificate(chain: chain, key: one.key) }
      guard case .certificate? = failure else { return #expect(Bool(false)) }
    }
    for key in [[], one.chain, Array(one.key.dropLast(80))] {
      let failure = #expect(throws: Certificate.Failure.self) { try Certificate(chain: one.chain, key: key) }
      guard case .key? = failure else { return #expect(Bool(false)) }
    }
  }
}
