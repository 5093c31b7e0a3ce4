import CGnuTLS
import Glibc

/// A certificate that signs itself, and its key, made anew each time.
struct TestCertificate {
  /// PEM.
  let chain: [UInt8]
  let key: [UInt8]
  /// DER.
  let shown: [UInt8]

  init(expiry: Int = 4_000_000_000) {
    var (key, certificate): (gnutls_x509_privkey_t?, gnutls_x509_crt_t?) = (nil, nil)
    gnutls_x509_privkey_init(&key)
    defer { gnutls_x509_privkey_deinit(key) }
    gnutls_x509_crt_init(&certificate)
    defer { gnutls_x509_crt_deinit(certificate) }
    // GNUTLS_CURVE_TO_BITS is a macro.
    let curve = UInt32(bitPattern: Int32(bitPattern: 0x8000_0000) | Int32(GNUTLS_ECC_CURVE_SECP256R1.rawValue))
    gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, curve, 0)
    gnutls_x509_crt_set_version(certificate, 3)
    gnutls_x509_crt_set_serial(certificate, [1], 1)
    gnutls_x509_crt_set_dn(certificate, "CN=localhost", nil)
    gnutls_x509_crt_set_activation_time(certificate, 1_000_000_000)
    gnutls_x509_crt_set_expiration_time(certificate, expiry)
    gnutls_x509_crt_set_key(certificate, key)
    gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0)
    chain = Self.bytes { gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, $0) }
    shown = Self.bytes { gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, $0) }
    self.key = Self.bytes { gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, $0) }
  }

  private static func bytes(_ export: (UnsafeMutablePointer<gnutls_datum_t>) -> Int32) -> [UInt8] {
    var datum = gnutls_datum_t()
    let code = export(&datum)
    precondition(code == GNUTLS_E_SUCCESS, String(cString: gnutls_strerror(code)))
    // gnutls_free is a variable that holds this function.
    defer { free(datum.data) }
    return Array(UnsafeBufferPointer(start: datum.data, count: Int(datum.size)))
  }
}
