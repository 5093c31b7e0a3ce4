/// The settings of the operators' port and of the operators' tokens.
package struct OperatorSettings: Sendable {
  /// The address and the port of the operators' own endpoint; nil is 127.0.0.1, and no such endpoint.
  package var host: String?
  package var port: UInt16?
  /// Tokens that an operator may show.
  package var token: Token?
  package var tokenFile: String?

  package init() {}

  /// - Parameter listeners: the listeners' port, which must be another one.
  func check(listeners: UInt16) throws(InvalidInput) {
    if let host, port == nil { throw InvalidInput(.adminHost, host, "it needs \(.adminPort) PORT") }
    if let port, port == listeners, port != 0 {
      throw InvalidInput(.adminPort, "\(port)", "it must differ from \(.port)")
    }
  }
}
