import HTTP

/// Answers every request on a free port of this machine with a WebSocket that echoes.
struct EchoServer: Sendable {
  private let server: Server

  /// - Parameter certificate: the server then speaks TLS.
  init(_ certificate: Certificate? = nil) throws(ServerError) {
    var settings = Server.Settings()
    settings.certificate = certificate
    server = try Server(on: ListenSocket(host: "127.0.0.1", port: 0), settings)
  }

  var port: UInt16 { server.port }

  func start() {
    let record = ClosedRecord()
    server.start { request, _ in
      guard let settings = EchoPath.settings(of: request.path) else { return .respond(.notFound) }
      switch WebSocketHandshake.verdict(on: request, subprotocols: EchoPath.subprotocols) {
      case .refused(let response): return .respond(response)
      case .accepted(let acceptance):
        return .upgrade(WebSocketUpgrade(acceptance, settings) { Echo($0, record: record) })
      }
    }
  }

  func stop() {
    server.stop()
  }
}
