/// The first line of a request, as the client sent it (RFC 9112 §3).
package struct RequestLine: Sendable {
  package let method: String
  /// Not decoded.
  package let target: [UInt8]
  /// `HTTP/1.1`.
  package let version: String

  package init(method: String, target: [UInt8], version: String) {
    self.method = method
    self.target = target
    self.version = version
  }
}
