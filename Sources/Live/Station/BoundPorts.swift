import HTTP
import Logging

/// The ports, bound; no client is let in yet.
struct BoundPorts: Sendable {
  let listeners: ListenSocket
  /// Nil where operators have no port of their own.
  let operators: ListenSocket?

  /// The address of the operators' port, unless a setting names another.
  static let operatorsHost = "127.0.0.1"

  init(_ settings: StationSettings) throws(ServerError) {
    listeners = try ListenSocket(host: settings.endpoints.host, port: settings.endpoints.port)
    if let port = settings.operators.port {
      operators = try ListenSocket(host: settings.operators.host ?? Self.operatorsHost, port: port)
    } else {
      operators = nil
    }
  }

  /// The port of the operators.
  var operatorEndpoint: Endpoint { operators == nil ? .listeners : .operators }

  /// Whether only this machine can reach the operators' port.
  var areOperatorsLocal: Bool { (operators ?? listeners).isLocal }

  /// Whether only this machine can reach the listeners' port.
  var areListenersLocal: Bool { listeners.isLocal }

  /// Logs the addresses of the pages.
  /// - Parameter made: the operators' token, where the station made one.
  func announce(isSecure: Bool, made: OperatorToken?, log: Log) {
    let scheme = isSecure ? "https" : "http"
    for socket in [listeners, operators].compactMap(\.self) {
      guard let host = socket.replacedHost else { continue }
      log.info("this machine has no IPv6: \(socket.host) takes the place of \(host)")
    }
    log.info("listening on \(Self.url(scheme, listeners))")
    let token = made.map { "?token=\($0.token.text)" } ?? ""
    if let operators {
      log.info("operators: on \(Self.url(scheme, operators))\(token)")
    } else if made != nil {
      log.info("operators: on \(Self.url(scheme, listeners))status.html\(token)")
    }
    if let path = made?.path { log.info("operators: the token is in \(path)") }
  }

  /// RFC 3986 §3.2.2: an IPv6 address stands in brackets.
  private static func url(_ scheme: String, _ socket: ListenSocket) -> String {
    "\(scheme)://\(socket.host.contains(":") ? "[\(socket.host)]" : socket.host):\(socket.port)/"
  }
}
