import CGnuTLS

/// Message authentication codes with a secret key (RFC 2104).
struct HMAC: Sendable {
  enum Hash: Sendable {
    case sha1, sha256
  }

  private let key: [UInt8]
  private let hash: Hash

  init(_ hash: Hash, key: [UInt8]) {
    (self.hash, self.key) = (hash, key)
  }

  /// The code of some bytes: 20 bytes for SHA-1, 32 bytes for SHA-256 (gnutls_hmac_fast).
  func code(of bytes: [UInt8]) -> [UInt8] {
    let (algorithm, length) = hash == .sha1 ? (GNUTLS_MAC_SHA1, 20) : (GNUTLS_MAC_SHA256, 32)
    var code = [UInt8](repeating: 0, count: length)
    let status = gnutls_hmac_fast(algorithm, key, key.count, bytes, bytes.count, &code)
    precondition(status == 0, "gnutls_hmac_fast: \(status)")
    return code
  }
}
