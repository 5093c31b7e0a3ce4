import Core
import HLS
import HTTP
import Logging
import System

/// The files of the certificate that TLS presents, and of its key.
struct CertificateFiles {
  let certificate: String
  let key: String

  /// Nil where the connections are to be plain.
  init?(_ configuration: Configuration) {
    guard let certificate = configuration.tlsCertificate, let key = configuration.tlsKey else { return nil }
    (self.certificate, self.key) = (certificate, key)
  }

  /// Reads both, and logs until when they are good.
  func read(log: Log) throws(Configuration.Conflict) -> Certificate {
    let chain = try read(certificate, of: "--tls-cert"), secret = try read(key, of: "--tls-key")
    do throws(Certificate.Failure) {
      let read = try Certificate(chain: chain, key: secret)
      let date = WallTime(microseconds: read.expiry * 1_000_000)
      if date < WallTime(microseconds: Clock.wall()) {
        log.warning("tls: the certificate in \(certificate) has expired: it was valid until \(date.text)")
      } else {
        log.info("tls: the certificate in \(certificate) is valid until \(date.text)")
      }
      return read
    } catch {
      throw Configuration.Conflict(description: description(of: error))
    }
  }

  private func read(_ path: String, of flag: String) throws(Configuration.Conflict) -> [UInt8] {
    do {
      return try File.read(path)
    } catch {
      throw Configuration.Conflict(description: "\(flag) \(path): \(error.reason)")
    }
  }

  private func description(of failure: Certificate.Failure) -> String {
    switch failure {
    case .certificate(let reason): "--tls-cert \(certificate): it must be a chain of certificates in PEM: \(reason)"
    case .key(let reason): "--tls-key \(key): it must be a private key in PEM, without a password: \(reason)"
    case .mismatch: "--tls-key \(key): it must be the key of the first certificate in \(certificate)"
    }
  }
}
