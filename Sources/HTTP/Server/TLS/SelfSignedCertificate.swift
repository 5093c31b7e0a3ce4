import CGnuTLS
package import Core
import Glibc

/// A certificate that a server has signed with its own key.
///
/// The certificate says that it may sign others (`CA:TRUE`), because iOS lets a person trust no other certificate fully.
package struct SelfSignedCertificate: Equatable, Sendable {
  /// Browsers refuse a certificate that is valid for more than 398 days. One day is left for the difference of clocks.
  static let lifetime = Duration.seconds(397 * 86_400)
  /// The time before now at which the certificate begins, because the clock of a client may be slow.
  static let slack = Duration.seconds(86_400)
  /// RFC 5280 §4.1.2.2: a serial number has at most 20 bytes, and is positive.
  private static let serialBytes = 16
  /// RFC 5280, appendix A: ub-common-name.
  private static let longestCommonName = 64

  package let pem: [UInt8]
  /// The names and addresses that the certificate is good for.
  package let names: Set<CertificateName>
  /// The first and the last second in which the certificate is valid.
  package let begin: WallTime
  package let end: WallTime
  /// SHA-256 of the certificate, in hexadecimal digits with colons, as browsers show it.
  package let fingerprint: String

  /// - Parameter pem: a certificate.
  package init(pem: [UInt8]) throws(GnuTLSError) {
    let handle = Handle()
    let code = GnuTLS.withDatum(pem) { gnutls_x509_crt_import(handle.value, $0, GNUTLS_X509_FMT_PEM) }
    try GnuTLS.check("gnutls_x509_crt_import", code)
    self.pem = pem
    names = try handle.names()
    begin = WallTime(microseconds: gnutls_x509_crt_get_activation_time(handle.value) * 1_000_000)
    end = WallTime(microseconds: gnutls_x509_crt_get_expiration_time(handle.value) * 1_000_000)
    fingerprint = try handle.fingerprint()
  }

  /// Makes a certificate.
  /// - Parameters:
  ///   - names: at least one; the first one is the subject, too. Their order stays.
  ///   - now: the certificate is valid from a day before, for 397 days.
  package init(for names: [CertificateName], key: PrivateKey, at now: WallTime) throws(GnuTLSError) {
    let handle = Handle()
    let begin = now.microseconds / 1_000_000 - Int(Self.slack.components.seconds)
    // A certificate is valid in its last second, too.
    let end = begin + Int(Self.lifetime.components.seconds) - 1
    try handle.check("version", gnutls_x509_crt_set_version(handle.value, 3))
    // Firefox refuses two certificates of one issuer that have the same number.
    var serial = (0..<Self.serialBytes).map { _ in UInt8.random(in: 0...255) }
    serial[0] = serial[0] & 0x7F | 0x40
    try handle.check("serial", gnutls_x509_crt_set_serial(handle.value, serial, serial.count))
    try handle.nameSubject(names.first.map { String($0.description.prefix(Self.longestCommonName)) } ?? "localhost")
    for name in names { try handle.add(name) }
    try handle.check("activation_time", gnutls_x509_crt_set_activation_time(handle.value, begin))
    try handle.check("expiration_time", gnutls_x509_crt_set_expiration_time(handle.value, end))
    try handle.check("basic_constraints", gnutls_x509_crt_set_basic_constraints(handle.value, 1, 0))
    try handle.check(
      "key_usage",
      gnutls_x509_crt_set_key_usage(
        handle.value, UInt32(GNUTLS_KEY_DIGITAL_SIGNATURE) | UInt32(GNUTLS_KEY_KEY_CERT_SIGN)))
    try handle.check(
      "key_purpose_oid", gnutls_x509_crt_set_key_purpose_oid(handle.value, GNUTLS_KP_TLS_WWW_SERVER, 0))
    try handle.check("key", gnutls_x509_crt_set_key(handle.value, key.handle))
    try GnuTLS.check(
      "gnutls_x509_crt_sign2",
      gnutls_x509_crt_sign2(handle.value, handle.value, key.handle, GNUTLS_DIG_SHA256, 0))
    // GnuTLS gives the names of a certificate only after the certificate was read.
    try self.init(
      pem: GnuTLS.bytes("gnutls_x509_crt_export2") {
        gnutls_x509_crt_export2(handle.value, GNUTLS_X509_FMT_PEM, $0)
      })
  }
}

/// A certificate of GnuTLS (gnutls_x509_crt_t).
private final class Handle {
  let value: gnutls_x509_crt_t

  init() {
    var value: gnutls_x509_crt_t?
    gnutls_x509_crt_init(&value)
    guard let value else { fatalError("GnuTLS: no memory for a certificate") }
    self.value = value
  }

  deinit {
    gnutls_x509_crt_deinit(value)
  }

  /// - Parameter field: the end of the C function's name.
  func check(_ field: String, _ code: Int32) throws(GnuTLSError) {
    try GnuTLS.check("gnutls_x509_crt_set_\(field)", code)
  }

  /// Sets the subject, which is the issuer, too: the name, and the program.
  func nameSubject(_ name: String) throws(GnuTLSError) {
    for (oid, text) in [(GNUTLS_OID_X520_COMMON_NAME, name), (GNUTLS_OID_X520_ORGANIZATION_NAME, "ringcast")] {
      try check("dn_by_oid", gnutls_x509_crt_set_dn_by_oid(value, oid, 0, text, UInt32(text.utf8.count)))
    }
  }

  func add(_ name: CertificateName) throws(GnuTLSError) {
    let (type, bytes) =
      switch name {
      case .host(let text): (GNUTLS_SAN_DNSNAME, Array(text.utf8))
      case .address(let address): (GNUTLS_SAN_IPADDRESS, address.bytes)
      }
    try check(
      "subject_alt_name",
      gnutls_x509_crt_set_subject_alt_name(value, type, bytes, UInt32(bytes.count), UInt32(GNUTLS_FSAN_APPEND)))
  }

  func names() throws(GnuTLSError) -> Set<CertificateName> {
    var names: Set<CertificateName> = []
    var buffer = [UInt8](repeating: 0, count: 1024)
    for index in 0... {
      var (count, type, isCritical) = (buffer.count, UInt32(0), UInt32(0))
      let code = gnutls_x509_crt_get_subject_alt_name2(value, UInt32(index), &buffer, &count, &type, &isCritical)
      if code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE { break }
      try GnuTLS.check("gnutls_x509_crt_get_subject_alt_name2", code)
      switch type {
      case GNUTLS_SAN_DNSNAME.rawValue: names.insert(.host(String(decoding: buffer[..<count], as: UTF8.self)))
      case GNUTLS_SAN_IPADDRESS.rawValue:
        if let address = IPAddress(bytes: buffer[..<count]) { names.insert(.address(address)) }
      default: break
      }
    }
    return names
  }

  func fingerprint() throws(GnuTLSError) -> String {
    var (bytes, count) = ([UInt8](repeating: 0, count: 32), 32)
    try GnuTLS.check(
      "gnutls_x509_crt_get_fingerprint", gnutls_x509_crt_get_fingerprint(value, GNUTLS_DIG_SHA256, &bytes, &count))
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: ":")
  }
}
