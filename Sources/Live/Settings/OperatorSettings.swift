/// The settings of the operators' port and of the operators' tokens.
package struct OperatorSettings: Sendable {
  /// The address and the port of the operators' own endpoint; nil is 127.0.0.1, and no such endpoint.
  package var host: String?
  package var port: UInt16?
  /// Tokens that an operator may show.
  package var token: Token?
  package var tokenFile: String?

  package init() {}

  /// - Parameter listeners: the listeners' ports, which must be other ones.
  func check(beside listeners: EndpointSettings) throws(InvalidInput) {
    if let host, port == nil { throw InvalidInput(.adminHost, host, "it needs \(.adminPort) PORT") }
    guard let port, port != 0 else { return }
    if port == listeners.port { throw InvalidInput(.adminPort, "\(port)", "it must differ from \(.port)") }
    if port == listeners.tlsPort { throw InvalidInput(.adminPort, "\(port)", "it must differ from \(.tlsPort)") }
  }
}
