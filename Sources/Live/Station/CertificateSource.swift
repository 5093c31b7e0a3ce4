import Core
import HTTP
import Logging

/// The place where the station gets its certificate.
enum CertificateSource: Sendable {
  case files(CertificateFiles)
  case own(OwnCertificate)

  /// The certificate for connections that begin from now on; nil where the certificate before stays good.
  func renewed(at now: WallTime, log: Log) throws(InvalidInput) -> Certificate? {
    switch self {
    case .files(let files): return try files.read(log: log)
    case .own(let own): return try renewed(own, at: now)
    }
  }

  /// The same, but a certificate of files stays, because an operator says when they change.
  func renewedUnasked(at now: WallTime) throws(InvalidInput) -> Certificate? {
    if case .own(let own) = self { try renewed(own, at: now) } else { nil }
  }

  private func renewed(_ own: OwnCertificate, at now: WallTime) throws(InvalidInput) -> Certificate? {
    do {
      return try own.renewed(at: now)
    } catch {
      throw InvalidInput(.tlsSelf, nil, "the certificate cannot be made: \(error)")
    }
  }
}
