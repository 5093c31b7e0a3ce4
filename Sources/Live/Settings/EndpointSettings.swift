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
  /// Whether the station makes the certificate and its key.
  package var makesCertificate = false
  /// The port that serves https beside `port`; nil is no such port.
  package var tlsPort: UInt16?
  /// The directory of the page; nil is the page that came with the program.
  package var webDirectory: String?

  package init() {}

  /// Whether `port` speaks https.
  var isSecure: Bool { hasCertificate && tlsPort == nil }

  /// The port that other machines reach by https; nil where the station speaks no https.
  var securePort: UInt16? { hasCertificate ? tlsPort ?? port : nil }

  private var hasCertificate: Bool { tlsCertificate != nil || makesCertificate }

  func check() throws(InvalidInput) {
    if let tlsCertificate, tlsKey == nil {
      throw InvalidInput(.tlsCertificate, tlsCertificate, "it needs \(.tlsKey) PATH")
    }
    if let tlsKey, tlsCertificate == nil {
      throw InvalidInput(.tlsKey, tlsKey, "it needs \(.tlsCertificate) PATH")
    }
    if tlsCertificate != nil, makesCertificate {
      throw InvalidInput(.tlsSelf, nil, "it must not stand beside \(.tlsCertificate), which names another certificate")
    }
    guard let tlsPort else { return }
    guard hasCertificate else {
      throw InvalidInput(.tlsPort, "\(tlsPort)", "it needs \(.tlsCertificate) PATH or \(.tlsSelf)")
    }
    if tlsPort == port, port != 0 { throw InvalidInput(.tlsPort, "\(tlsPort)", "it must differ from \(.port)") }
  }
}
