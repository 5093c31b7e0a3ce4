import CGnuTLS

/// A private key that a server has made for itself (gnutls_x509_privkey_t).
///
/// Sendable: it does not change after its initialiser.
package final class PrivateKey: @unchecked Sendable {
  let handle: gnutls_x509_privkey_t

  /// A new key: ECDSA on the curve P-256, which every browser takes.
  package static func made() throws(GnuTLSError) -> PrivateKey {
    let key = PrivateKey()
    // GnuTLS chooses the curve by its bits.
    try GnuTLS.check(
      "gnutls_x509_privkey_generate2", gnutls_x509_privkey_generate2(key.handle, GNUTLS_PK_ECDSA, 256, 0, nil, 0))
    return key
  }

  /// - Parameter pem: a key that is not encrypted.
  package convenience init(pem: [UInt8]) throws(GnuTLSError) {
    self.init()
    let code = GnuTLS.withDatum(pem) { gnutls_x509_privkey_import2(handle, $0, GNUTLS_X509_FMT_PEM, nil, 0) }
    try GnuTLS.check("gnutls_x509_privkey_import2", code)
  }

  private init() {
    var handle: gnutls_x509_privkey_t?
    gnutls_x509_privkey_init(&handle)
    guard let handle else { fatalError("GnuTLS: no memory for a key") }
    self.handle = handle
  }

  deinit {
    gnutls_x509_privkey_deinit(handle)
  }

  /// The key as PEM (PKCS #8, RFC 5958), not encrypted.
  package func pem() throws(GnuTLSError) -> [UInt8] {
    try GnuTLS.bytes("gnutls_x509_privkey_export2_pkcs8") {
      gnutls_x509_privkey_export2_pkcs8(handle, GNUTLS_X509_FMT_PEM, nil, UInt32(GNUTLS_PKCS_PLAIN.rawValue), $0)
    }
  }
}
