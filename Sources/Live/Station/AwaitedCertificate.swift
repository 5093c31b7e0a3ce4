import HTTP
import Logging
import Synchronization
import System

/// A certificate whose files cannot be opened at the start. Until they can be used, connections get a certificate that the
/// station has made for this run. Browsers warn of that certificate, and the connections are encrypted.
final class AwaitedCertificate: Sendable {
  /// The certificate of the meantime.
  let standIn: Certificate
  private let files: CertificateFiles
  /// The reason of the last failure, as the log has it; nil when the files have been read.
  private let told: Mutex<String?>
  private let spelling: SettingSpelling
  private let log: Log

  /// Nil where the files can be opened.
  init?(_ files: CertificateFiles, _ settings: StationSettings, log: Log) throws(GnuTLSError) {
    guard let missing = files.missing else { return nil }
    let key = try PrivateKey.made()
    standIn = try Certificate(SelfSignedCertificate(for: MachineNames.present(settings), key: key, at: .now), key: key)
    (self.files, self.log, spelling) = (files, log, settings.spelling)
    let reason = missing.text(settings.spelling)
    told = Mutex(reason)
    Self.tell(reason, log)
  }

  /// Tries the files again. A reason is logged when it is new.
  /// - Returns: nil while the files cannot be read, and after they have been read.
  func retry() -> Certificate? {
    told.withLock { told in
      guard let before = told else { return nil }
      do throws(InvalidInput) {
        if let missing = files.missing { throw missing }
        let certificate = try files.read(log: log)
        told = nil
        return certificate
      } catch {
        let reason = error.text(spelling)
        if reason != before { Self.tell(reason, log) }
        told = reason
        return nil
      }
    }
  }

  /// The files have been read elsewhere: they are not tried again.
  func settle() {
    told.withLock { $0 = nil }
  }

  private static func tell(_ reason: String, _ log: Log) {
    log.error("\(reason); until the file can be used, connections get a certificate of this run, and browsers warn")
  }
}
