import HTTP

/// The settings of the listeners' port, and of all its connections.
package struct EndpointSettings: Sendable {
  package var host = "127.0.0.1"
  package var port: UInt16 = 8080
  /// The largest number of connections at a time.
  package var maxListeners = Server.Limits().connections
  /// The largest number of them from one address; 0 is no limit.
  package var maxPerAddress = Server.Limits().connectionsPerAddress
  /// The time for a new connection to send its first request, in whole seconds.
  package var headerTimeout = Duration.seconds(Server.Limits().headerSeconds)
  /// The time to the next request, in whole seconds.
  package var idleTimeout = Duration.seconds(Server.Limits().idleSeconds)
  /// The threads that serve the listeners.
  package var threads = Server.Settings().threads
  /// Without effect since a connection has no memory of its own; nil unless somebody has set the value.
  package var requestMemory: Int?
  /// PEM files; both or none.
  package var tlsCertificate: String?
  package var tlsKey: String?
  /// The directory of the page; nil is the page that came with the program.
  package var webDirectory: String?

  package init() {}

  func check() throws(InvalidInput) {
    if let tlsCertificate, tlsKey == nil {
      throw InvalidInput(.tlsCertificate, tlsCertificate, "it needs \(.tlsKey) PATH")
    }
    if let tlsKey, tlsCertificate == nil {
      throw InvalidInput(.tlsKey, tlsKey, "it needs \(.tlsCertificate) PATH")
    }
  }
}
