/// The end of one attempt to tell an event. Pure.
enum WebhookAnswer: Equatable, Sendable {
  case taken
  /// The receiver will never take the event.
  case refused(String)
  /// The receiver may take the event later.
  /// - Parameter after: the pause that the receiver asks for.
  case later(String, after: Duration?)

  /// The meaning of a status (RFC 9110 §15).
  /// - Parameter retryAfter: the value of the Retry-After field; nil without one.
  init(status: Int, retryAfter: Duration? = nil) {
    switch status {
    case 200..<300: self = .taken
    // A redirect is not followed: the event is for the receiver that the settings name.
    case 300..<400: self = .refused("status \(status), a redirect")
    // RFC 6585 §4: 429 "MAY include a Retry-After header indicating how long to wait".
    case 408, 425, 429, 500...: self = .later("status \(status)", after: retryAfter)
    default: self = .refused("status \(status)")
    }
  }
}
