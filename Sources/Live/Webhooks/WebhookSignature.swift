import Core
import Logging

/// The header fields by which a receiver knows that the station has sent a body, and when.
struct WebhookSignature: Sendable {
  private let mac: HMAC

  /// - Parameter secret: the receiver has the same bytes.
  init(secret: [UInt8]) {
    mac = HMAC(.sha256, key: secret)
  }

  /// The signature covers the seconds since 1970, a full stop and the body. So nobody can send the body again later.
  func fields(for body: String, at now: WallTime) -> [(name: String, value: String)] {
    let timestamp = String(now.microseconds / 1_000_000)
    let code = mac.code(of: Array("\(timestamp).\(body)".utf8))
    let digits = code.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    return [("Ringcast-Timestamp", timestamp), ("Ringcast-Signature", "sha256=\(digits)")]
  }
}

extension WebhookSignature {
  /// Reads the file with the secret; nil where the settings name none.
  /// - Throws: for a file that cannot be read, that every user may write, or that has not one line with a secret.
  init?(_ settings: WebhookSettings, log: Log) throws(InvalidInput) {
    guard let path = settings.secretFile else { return nil }
    let file = SecretFile(path, of: .webhookSecretFile)
    guard let secret = try file.readLine(), secret.count >= Self.shortestSecret else {
      throw InvalidInput(
        .webhookSecretFile, path, "it must have one line, a secret of \(Self.shortestSecret) characters or more")
    }
    file.warnOfReaders(log)
    self.init(secret: secret)
  }

  /// In bytes.
  private static let shortestSecret = 16
}
