import Core
import Glibc
import HTTP
import Logging
import Synchronization
import System
import Testing

@testable import Live

@Suite struct OwnCertificateTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)
  private let noon = WallTime("2026-11-30T12:00:00.000Z")!
  private static let names: [CertificateName] = [.host("localhost"), .address(IPAddress("127.0.0.1")!)]

  private var keyPath: String { "\(temporary.path)/tls-key.pem" }
  private var certificatePath: String { "\(temporary.path)/tls-cert.pem" }

  private var settings: StationSettings {
    var settings = StationSettings()
    settings.streams[0].soundDirectory = temporary.path
    settings.endpoints.makesCertificate = true
    return settings
  }

  private func later(days: Int) -> WallTime { WallTime(microseconds: noon.microseconds + days * 86_400_000_000) }

  /// A start.
  private func own(_ names: @escaping @Sendable () -> [CertificateName] = { Self.names }) throws -> OwnCertificate {
    try OwnCertificate(
      key: OwnCertificate.key(settings, log: log), in: temporary.path, names: names, log: log)
  }

  private func stored() throws -> SelfSignedCertificate { try SelfSignedCertificate(pem: File.read(certificatePath)) }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    #expect(lstat(path, &status) == 0)
    return status.st_mode
  }

  @Test func `a first start makes a key that nobody else may read, and a certificate`() throws {
    #expect(try OwnCertificate.key(settings, log: log) == nil)
    #expect(try own().renewed(at: noon) != nil)
    #expect(mode(keyPath) == S_IFREG | 0o600)
    #expect(mode(certificatePath) & 0o777 & ~0o044 == 0o600)
    #expect(try stored().names == Set(Self.names) && stored().begin < noon)
    #expect(try OwnCertificate.key(settings, log: log) != nil)
  }

  @Test func `a restart shows the same certificate with the same key`() throws {
    _ = try own().renewed(at: noon)
    let (key, certificate) = (try File.read(keyPath), try File.read(certificatePath))
    #expect(try own().renewed(at: later(days: 300)) != nil)
    #expect(try File.read(keyPath) == key && File.read(certificatePath) == certificate)
  }

  @Test func `a certificate that stays good is not given again`() throws {
    let own = try own()
    #expect(try own.renewed(at: noon) != nil)
    #expect(try own.renewed(at: later(days: 1)) == nil)
  }

  @Test(arguments: [(365, false), (366, true), (500, true)])
  func `a certificate that is valid for less than 30 days is made anew`(days: Int, isNew: Bool) throws {
    let own = try own()
    _ = try own.renewed(at: noon)
    let (key, first) = (try File.read(keyPath), try stored())
    let renewed = try own.renewed(at: later(days: days))
    let (second, keyNow) = (try stored(), try File.read(keyPath))
    #expect((renewed != nil) == isNew && (second != first) == isNew && keyNow == key)
    if isNew { #expect(second.end > later(days: days + 390)) }
  }

  @Test func `a new address makes a new certificate, and a lost one does not`() throws {
    let names = Mutex(Self.names)
    let own = try own { names.withLock { $0 } }
    _ = try own.renewed(at: noon)
    let first = try stored()
    names.withLock { $0.append(.address(IPAddress("192.0.2.7")!)) }
    #expect(try own.renewed(at: noon) != nil)
    let second = try stored()
    #expect(second.names == first.names.union([.address(IPAddress("192.0.2.7")!)]))
    names.withLock { $0 = Self.names }
    #expect(try own.renewed(at: noon) == nil)
    #expect(try stored() == second)
  }

  @Test func `a restart at another address makes a new certificate with the same key`() throws {
    _ = try own().renewed(at: noon)
    let (key, first) = (try File.read(keyPath), try stored())
    #expect(try own { [.host("moved")] }.renewed(at: noon) != nil)
    #expect(try stored().names == [.host("moved")] && stored() != first && File.read(keyPath) == key)
  }

  @Test func `a certificate that begins in the future is made anew`() throws {
    _ = try own().renewed(at: later(days: 100))
    #expect(try own().renewed(at: noon) != nil)
    #expect(try stored().begin < noon)
  }

  @Test func `a certificate that cannot be read, or is that of another key, is replaced`() throws {
    _ = try own().renewed(at: noon)
    try Folder(temporary.path).replace("tls-cert.pem", Array("no certificate".utf8))
    #expect(try own().renewed(at: noon) != nil)
    #expect(try stored().names == Set(Self.names))
    let other = try SelfSignedCertificate(for: Self.names, key: .made(), at: noon)
    try Folder(temporary.path).replace("tls-cert.pem", other.pem)
    #expect(try own().renewed(at: noon) != nil)
    #expect(try stored() != other)
  }

  @Test func `a link in the place of the certificate is not followed`() throws {
    _ = try own().renewed(at: noon)
    try Folder(temporary.path).replace("precious", File.read(certificatePath))
    unlink(certificatePath)
    symlink("\(temporary.path)/precious", certificatePath)
    let precious = try File.read("\(temporary.path)/precious")
    #expect(try own().renewed(at: noon) != nil)
    let after = try File.read("\(temporary.path)/precious")
    #expect(mode(certificatePath) & S_IFMT == S_IFREG && after == precious)
  }

  @Test(arguments: ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
  func `a file without a key is refused`(text: String) throws {
    try Folder(temporary.path).replace("tls-key.pem", Array(text.utf8))
    chmod(keyPath, 0o600)
    let error = #expect(throws: InvalidInput.self) { try OwnCertificate.key(settings, log: log) }
    #expect(
      error?.description.hasPrefix("tls-self \(keyPath): it must be a private key in PEM, without a password: ") == true
    )
  }

  @Test(arguments: [mode_t(0o620), 0o602])
  func `a key that others may write is refused, and one that others may read is taken`(mode: mode_t) throws {
    _ = try own()
    chmod(keyPath, mode)
    let error = #expect(throws: InvalidInput.self) { try OwnCertificate.key(settings, log: log) }
    #expect(
      error?.description
        == "tls-self \(keyPath): other users may write this file; chmod go-w \(keyPath) forbids it")
    chmod(keyPath, 0o644)
    #expect(try OwnCertificate.key(settings, log: log) != nil)
  }

  @Test func `without the flag no key is read`() throws {
    try Folder(temporary.path).replace("tls-key.pem", Array("no key".utf8))
    var settings = settings
    settings.endpoints.makesCertificate = false
    #expect(try OwnCertificate.key(settings, log: log) == nil)
  }

  @Test func `where nothing can be kept, the certificate is good until the run ends`() throws {
    let own = try OwnCertificate(
      key: nil, in: "\(temporary.path)/missing", names: { Self.names }, log: Log(level: .error))
    #expect(try own.renewed(at: noon) != nil)
    #expect(try own.renewed(at: later(days: 1)) == nil)
  }
}
