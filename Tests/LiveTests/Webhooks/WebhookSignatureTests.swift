import Core
import Logging
import System
import Testing

@testable import Live

@Suite struct WebhookSignatureTests {
  private let temporary = TemporaryFolder()

  // Of Python's hmac module: hmac.new(b"Jefe" * 4, b'1796055281.{"event":"started"}', "sha256").hexdigest()
  @Test func `timestamp and signature are two fields`() {
    let signature = WebhookSignature(secret: Array("JefeJefeJefeJefe".utf8))
    let fields = signature.fields(for: #"{"event":"started"}"#, at: WallTime(microseconds: 1_796_055_281_446_000))
    #expect(fields.map(\.name) == ["Ringcast-Timestamp", "Ringcast-Signature"])
    #expect(
      fields.map(\.value) == ["1796055281", "sha256=e90adf442a969b661b5694e266105d08c9941b7e316abc20446fb8ec2c8c2edc"])
  }

  @Test(arguments: ["", "short", "0123456789abcde", "0123456789abcdef\n0123456789abcdef"])
  func `a file without one long line is refused`(content: String) throws {
    try Folder(temporary.path).replace("secret", Array(content.utf8))
    var settings = WebhookSettings()
    settings.secretFile = "\(temporary.path)/secret"
    let error = #expect(throws: InvalidInput.self) { try WebhookSignature(settings, log: Log(level: .error)) }
    #expect(
      error?.description
        == "webhook-secret-file \(temporary.path)/secret: it must have one line, a secret of 16 characters or more")
  }

  @Test func `the key is the line without the spaces around the line`() throws {
    try Folder(temporary.path).replace("secret", Array(" JefeJefeJefeJefe\r\n".utf8))
    var settings = WebhookSettings()
    #expect(try WebhookSignature(settings, log: Log(level: .error)) == nil)
    settings.secretFile = "\(temporary.path)/secret"
    let signature = try #require(try WebhookSignature(settings, log: Log(level: .error)))
    let moment = WallTime(microseconds: 1_796_055_281_446_000)
    #expect(
      signature.fields(for: #"{"event":"started"}"#, at: moment)[1].value
        == "sha256=e90adf442a969b661b5694e266105d08c9941b7e316abc20446fb8ec2c8c2edc")
  }
}
