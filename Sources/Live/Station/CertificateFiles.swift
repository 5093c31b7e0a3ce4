import Core
import HLS
import HTTP
import Logging
import System

/// The files of the certificate that TLS presents, and of the certificate's key.
struct CertificateFiles {
  let certificate: String
  let key: String

  /// Nil for plain connections.
  init?(_ settings: EndpointSettings) {
    guard let certificate = settings.tlsCertificate, let key = settings.tlsKey else { return nil }
    (self.certificate, self.key) = (certificate, key)
  }

  /// The fault of the first file that cannot be opened; nil where both can.
  var missing: InvalidInput? {
    for (setting, path) in [(SettingKey.tlsCertificate, certificate), (.tlsKey, key)] {
      if let reason = MissingFile.reason(path) { return InvalidInput(setting, path, SettingText(reason)) }
    }
    return nil
  }

  /// Reads both files, and logs the date until which the certificate is valid.
  func read(log: Log) throws(InvalidInput) -> Certificate {
    let chain = try read(certificate, of: .tlsCertificate)
    let keyFile = SecretFile(key, of: .tlsKey)
    let secret = try keyFile.read()
    do throws(Certificate.Failure) {
      let read = try Certificate(chain: chain, key: secret)
      keyFile.warnOfReaders(log)
      let date = WallTime(microseconds: read.expiry * 1_000_000)
      if date < WallTime(microseconds: Clock.wall()) {
        log.warning("tls: the certificate in \(certificate) has expired: it was valid until \(date.text)")
      } else {
        log.info("tls: the certificate in \(certificate) is valid until \(date.text)")
      }
      return read
    } catch {
      throw invalid(error)
    }
  }

  private func read(_ path: String, of setting: SettingKey) throws(InvalidInput) -> [UInt8] {
    do {
      return try File.read(path)
    } catch {
      throw InvalidInput(setting, path, SettingText(error.reason))
    }
  }

  private func invalid(_ failure: Certificate.Failure) -> InvalidInput {
    switch failure {
    case .certificate(let reason):
      InvalidInput(.tlsCertificate, certificate, "it must be a chain of certificates in PEM: \(reason)")
    case .key(let reason):
      InvalidInput(.tlsKey, key, "it must be a private key in PEM, without a password: \(reason)")
    case .mismatch: InvalidInput(.tlsKey, key, "it must be the key of the first certificate in \(certificate)")
    }
  }
}
