import CGnuTLS
import Core
import Glibc

/// A certificate chain and its key for TLS (gnutls_certificate_credentials_t).
///
/// Sendable: it does not change after its initialiser.
package final class Certificate: @unchecked Sendable {
  /// The reason why the chain or the key is not accepted.
  package enum Failure: Error, Equatable {
    case certificate(reason: String)
    case key(reason: String)
    /// Both are valid, but they do not belong together.
    case mismatch
  }

  /// Unix time in seconds, after which clients refuse the certificate.
  package let expiry: Int
  let credentials: gnutls_certificate_credentials_t

  /// - Parameters:
  ///   - chain: PEM, the certificate of the server first, then the intermediate certificates (RFC 8446 §4.4.2).
  ///   - key: PEM, the private key of the first certificate, not encrypted.
  package init(chain: [UInt8], key: [UInt8]) throws(Failure) {
    expiry = try Self.expiry(chain)
    try Self.check(key)
    do throws(GnuTLSError) {
      credentials = try Self.credentials(chain, key)
    } catch {
      if error.code == GNUTLS_E_CERTIFICATE_KEY_MISMATCH { throw .mismatch }
      throw .certificate(reason: GnuTLS.reason(error.code))
    }
  }

  /// A certificate that the server has signed itself.
  /// - Parameter key: the key of that certificate.
  /// - Throws: where the key is another one.
  package init(_ certificate: SelfSignedCertificate, key: PrivateKey) throws(GnuTLSError) {
    let key = try key.pem()
    expiry = certificate.end.microseconds / 1_000_000
    credentials = try Self.credentials(certificate.pem, key)
  }

  deinit {
    gnutls_certificate_free_credentials(credentials)
  }

  private static func expiry(_ chain: [UInt8]) throws(Failure) -> Int {
    var certificate: gnutls_x509_crt_t?
    gnutls_x509_crt_init(&certificate)
    defer { gnutls_x509_crt_deinit(certificate) }
    let code = GnuTLS.withDatum(chain) { gnutls_x509_crt_import(certificate, $0, GNUTLS_X509_FMT_PEM) }
    guard code >= 0 else { throw .certificate(reason: GnuTLS.reason(code)) }
    return gnutls_x509_crt_get_expiration_time(certificate)
  }

  private static func credentials(
    _ chain: [UInt8], _ key: [UInt8]
  ) throws(GnuTLSError) -> gnutls_certificate_credentials_t {
    var credentials: gnutls_certificate_credentials_t?
    let allocated = gnutls_certificate_allocate_credentials(&credentials)
    guard allocated == GNUTLS_E_SUCCESS, let credentials else { fatalError("GnuTLS: no memory for credentials") }
    let code = GnuTLS.withDatum(chain) { chain in
      GnuTLS.withDatum(key) { gnutls_certificate_set_x509_key_mem(credentials, chain, $0, GNUTLS_X509_FMT_PEM) }
    }
    do throws(GnuTLSError) {
      try GnuTLS.check("gnutls_certificate_set_x509_key_mem", code)
    } catch {
      gnutls_certificate_free_credentials(credentials)
      throw error
    }
    return credentials
  }

  private static func check(_ key: [UInt8]) throws(Failure) {
    var parsed: gnutls_x509_privkey_t?
    gnutls_x509_privkey_init(&parsed)
    defer { gnutls_x509_privkey_deinit(parsed) }
    let code = GnuTLS.withDatum(key) { gnutls_x509_privkey_import2(parsed, $0, GNUTLS_X509_FMT_PEM, nil, 0) }
    guard code >= 0 else { throw .key(reason: GnuTLS.reason(code)) }
  }
}
