/// A request and its answer, told to the access log when the answer is sent or given up.
package struct FinishedExchange: Sendable {
  package let client: Client
  package let request: RequestLine
  package let status: Int
  /// Bytes of content that were sent.
  package let bytes: Int
  /// From the request to the answer's end.
  package let duration: Duration

  package init(client: Client, request: RequestLine, status: Int, bytes: Int, duration: Duration) {
    self.client = client
    self.request = request
    self.status = status
    self.bytes = bytes
    self.duration = duration
  }
}
