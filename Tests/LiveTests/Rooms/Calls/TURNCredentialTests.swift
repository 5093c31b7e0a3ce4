import Core
import Testing

@testable import Live

@Suite struct TURNCredentialTests {
  /// The expected password is from
  /// `printf %s 1764460800:7 | openssl dgst -sha1 -hmac "north wind" -binary | base64`.
  @Test func `the username has the expiry, and the password is its code`() {
    let expires = WallTime(microseconds: 1_764_460_800_999_999)
    let credential = TURNCredential(member: 7, expires: expires, secret: Array("north wind".utf8))
    #expect(credential.username == "1764460800:7")
    #expect(credential.password == "OKOsqgYITAWi/QTosAjHuFuve7c=")
  }

  @Test func `each member and each expiry has its own password`() {
    let secret = Array("north wind".utf8)
    let moments = [1, 2].map { WallTime(microseconds: $0 * 1_000_000) }
    let passwords = [1, 2].flatMap { member in
      moments.map { TURNCredential(member: member, expires: $0, secret: secret).password }
    }
    #expect(Set(passwords).count == 4)
  }
}
