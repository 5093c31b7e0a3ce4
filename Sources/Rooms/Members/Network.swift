/// The quality of a member's connection, from the round trip that the page measures.
package enum Network: String, CaseIterable, Sendable {
  case good, fair, poor

  /// - Parameter rtt: milliseconds.
  init(rtt: Int) {
    self = rtt < 150 ? .good : rtt < 400 ? .fair : .poor
  }
}
