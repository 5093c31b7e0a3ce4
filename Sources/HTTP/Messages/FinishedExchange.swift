/// A request and what became of it, as it is told when the answer is sent, or given up.
package struct FinishedExchange: Sendable {
  package let client: Client
  package let method: String
  /// As it came, without any decoding.
  package let target: [UInt8]
  package let version: String
  package let status: Int
  /// Bytes of content that went out.
  package let bytes: Int
  /// Nanoseconds from the request to the answer's end.
  package let duration: Int

  package init(
    client: Client, method: String, target: [UInt8], version: String, status: Int, bytes: Int, duration: Int
  ) {
    (self.client, self.method, self.target, self.version) = (client, method, target, version)
    (self.status, self.bytes, self.duration) = (status, bytes, duration)
  }
}
