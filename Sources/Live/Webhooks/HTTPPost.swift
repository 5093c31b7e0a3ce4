import CCurl
import Core
import System

/// A request with a body, which libcurl sends to another machine. The call blocks its thread until the deadline at most.
struct HTTPPost {
  typealias Failure = Transfer.Failure

  struct Answer: Equatable {
    let status: Int
    /// Nil without such a field.
    let retryAfter: Duration?
  }

  /// The most bytes of an answer that are read. Nobody needs more than the head.
  private static let mostBytes = 64 * 1024

  let url: String
  let body: String
  var fields: [(name: String, value: String)] = []

  /// - Parameter deadline: may come nearer during the call.
  func send(until deadline: () -> MonotonicTime) throws(Failure) -> Answer {
    let transfer = try Transfer(url)
    try transfer.set(CURLOPT_POSTFIELDSIZE, body.utf8.count)
    try transfer.set(CURLOPT_COPYPOSTFIELDS, body)
    try transfer.set(
      CURLOPT_HTTPHEADER,
      (fields + [("Content-Type", "application/json"), ("Expect", "")]).map { name, value in
        // A field without a value is left out.
        value.isEmpty ? "\(name):" : "\(name): \(value)"
      })
    var received = 0
    let count = { (bytes: UnsafeRawBufferPointer) in
      received += bytes.count
      return received <= Self.mostBytes
    }
    transfer.onHead(count)
    transfer.onBody(count)
    do {
      try transfer.perform { deadline() - .now }
    } catch {
      // The head of the answer has come. The rest is too slow or too long, and says nothing.
      guard transfer.status >= 200 else { throw error }
    }
    return Answer(status: transfer.status, retryAfter: transfer.retryAfter)
  }
}
