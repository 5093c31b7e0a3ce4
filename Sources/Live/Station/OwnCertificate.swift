import Core
import Glibc
import HTTP
import Logging
import Synchronization
import System

/// The certificate that the station makes for itself, and its key (`--tls-self`). Both are in the sound directory. The key
/// stays the same, and the certificate is made anew when it is no longer good.
final class OwnCertificate: Sendable {
  static let keyFileName = "tls-key.pem"
  static let certificateFileName = "tls-cert.pem"
  /// More than a key or a certificate has, in bytes.
  private static let longest = 1 << 16

  private let key: PrivateKey
  private let path: String
  private let names: @Sendable () -> [CertificateName]
  private let log: Log
  private let shown = Mutex<SelfSignedCertificate?>(nil)

  /// Makes the key where there is none.
  /// - Parameters:
  ///   - key: the key that the file has; nil where there is no file.
  ///   - directory: the sound directory, which exists.
  ///   - names: the present names and addresses of the machine; at least one.
  init(
    key: PrivateKey?, in directory: String, names: @escaping @Sendable () -> [CertificateName], log: Log
  ) throws(GnuTLSError) {
    self.key = if let key { key } else { try Self.makeKey(in: directory, log: log) }
    path = "\(directory)/\(Self.certificateFileName)"
    (self.names, self.log) = (names, log)
  }

  /// The key that the file in the sound directory has; nil where there is no such file yet, and where the station makes no
  /// certificate.
  /// - Throws: for a file that cannot be read, that other users may write, or that has no key with which the station can sign.
  static func key(_ settings: StationSettings, log: Log) throws(InvalidInput) -> PrivateKey? {
    guard settings.endpoints.makesCertificate else { return nil }
    let path = "\(settings.streams[0].soundDirectory)/\(keyFileName)"
    let file = OwnFile(path, of: .tlsSelf)
    guard let bytes = try file.read(atMost: longest) else { return nil }
    do throws(GnuTLSError) {
      let key = try PrivateKey(pem: bytes)
      _ = try SelfSignedCertificate(for: [.host("localhost")], key: key, at: .now)
      file.warnOfReaders(log)
      return key
    } catch {
      throw InvalidInput(.tlsSelf, path, "it must be a private key in PEM, without a password: \(error)")
    }
  }

  private static func makeKey(in directory: String, log: Log) throws(GnuTLSError) -> PrivateKey {
    let key = try PrivateKey.made()
    let path = "\(directory)/\(keyFileName)"
    do {
      try SecretFile.make(text(try key.pem()), at: path)
      log.info("tls: the key of the station's own certificate is in \(path)")
    } catch let error as SystemError {
      log.warning("tls: \(error); the key of the station's own certificate is good until this run ends")
    } catch let error as GnuTLSError {
      throw error
    } catch {
      preconditionFailure("\(error)")
    }
    return key
  }

  /// The certificate for connections that begin from now on. The first call gives one in any case: that of the file, if it
  /// is still good.
  /// - Returns: nil where the certificate of the call before is still good.
  func renewed(at now: WallTime) throws(GnuTLSError) -> Certificate? {
    let names = names()
    if let shown = shown.withLock({ $0 }) {
      guard let fault = shown.fault(for: names, at: now) else { return nil }
      log.info("tls: the station's own certificate \(fault); a new one takes its place")
    } else if let kept = kept(for: names, at: now) {
      return kept
    }
    let made = try SelfSignedCertificate(for: names, key: key, at: now)
    let certificate = try self.certificate(made)
    do {
      // Anybody may read a certificate: each client gets it.
      try SecretFile.make(Self.text(made.pem), at: path, mode: 0o644)
    } catch {
      log.warning("tls: \(error); the certificate is good until this run ends")
    }
    show(made, "made a certificate for \(names.map(\.description).joined(separator: ", "))")
    return certificate
  }

  /// The certificate that the file has, if it is still good.
  private func kept(for names: [CertificateName], at now: WallTime) -> Certificate? {
    do {
      guard let bytes = try OwnFile(path, of: .tlsSelf).read(atMost: Self.longest) else { return nil }
      let read = try SelfSignedCertificate(pem: bytes)
      let certificate = try certificate(read)
      if let fault = read.fault(for: names, at: now) {
        log.info("tls: the certificate in \(path) \(fault); a new one takes its place")
        return nil
      }
      show(read, "the station's own certificate is in \(path)")
      return certificate
    } catch {
      log.warning("tls: \(path): \(error); a new certificate takes its place")
      return nil
    }
  }

  private func show(_ certificate: SelfSignedCertificate, _ event: String) {
    shown.withLock { $0 = certificate }
    log.info(
      "tls: \(event); it is valid until \(certificate.end.text), and its SHA-256 fingerprint is \(certificate.fingerprint)"
    )
  }

  private func certificate(_ certificate: SelfSignedCertificate) throws(GnuTLSError) -> Certificate {
    try Certificate(certificate, key: key)
  }

  /// PEM without its last line end.
  private static func text(_ pem: [UInt8]) -> String {
    var text = String(decoding: pem, as: UTF8.self)
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}

extension SelfSignedCertificate {
  /// The reason for which a new certificate must take the place of this one. A certificate that names an address which the
  /// machine has lost is good: a new one would make each browser ask its user again.
  enum Fault: Equatable, CustomStringConvertible {
    case lacks([CertificateName])
    case endsSoon(WallTime)
    /// The clock was wrong when the certificate was made.
    case beginsLater(WallTime)

    var description: String {
      switch self {
      case .lacks(let names): "is not good for \(names.map(\.description).joined(separator: ", "))"
      case .endsSoon(let end): "is valid only until \(end.text)"
      case .beginsLater(let begin): "is valid only from \(begin.text) on"
      }
    }
  }

  /// The least time for which a certificate must still be valid.
  private static let shortestRest = 30 * 86_400 * 1_000_000

  /// Nil where the certificate is good.
  func fault(for names: [CertificateName], at now: WallTime) -> Fault? {
    if now < begin { return .beginsLater(begin) }
    if end.microseconds - now.microseconds < Self.shortestRest { return .endsSoon(end) }
    let missing = names.filter { !self.names.contains($0) }
    return missing.isEmpty ? nil : .lacks(missing)
  }
}
