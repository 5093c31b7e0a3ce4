import CGnuTLS
import Glibc

/// Calls of GnuTLS that more than one type needs.
enum GnuTLS {
  /// Throws for the code of a call that failed.
  /// - Parameter call: the name of the C function.
  static func check(_ call: String, _ code: Int32) throws(GnuTLSError) {
    guard code < 0 else { return }
    throw GnuTLSError(call: call, code: code)
  }

  /// Gives bytes to a C function, which does not change them.
  static func withDatum<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<gnutls_datum_t>) -> Result) -> Result {
    var bytes = bytes
    return bytes.withUnsafeMutableBufferPointer { buffer in
      var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
      return body(&datum)
    }
  }

  /// The bytes that a C function has put into memory of its own.
  static func bytes(
    _ call: String, _ export: (UnsafeMutablePointer<gnutls_datum_t>) -> Int32
  ) throws(GnuTLSError) -> [UInt8] {
    var datum = gnutls_datum_t()
    try check(call, export(&datum))
    // gnutls_free is a variable that holds this function.
    defer { free(datum.data) }
    return Array(UnsafeBufferPointer(start: datum.data, count: Int(datum.size)))
  }

  /// The words of GnuTLS for a code, and its name.
  static func reason(_ code: Int32) -> String {
    "\(String(cString: gnutls_strerror(code))) (\(String(cString: gnutls_strerror_name(code))))"
  }
}

/// A C function of GnuTLS that failed.
package struct GnuTLSError: Error, Equatable, CustomStringConvertible {
  package let call: String
  /// One of the numbers of gnutls.h.
  package let code: Int32

  package var description: String { "\(GnuTLS.reason(code)) (\(call))" }
}
