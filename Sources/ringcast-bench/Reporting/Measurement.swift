/// The figures of the whole measurement, in which the listeners are measured together.
struct Measurement {
  let length: Duration
  /// Requests that were sent.
  let requests: Int
  /// Bytes that were received.
  let bytes: Int
  let usage: Usage
  /// The longest time in which no listener was served.
  let stall: Duration
}
