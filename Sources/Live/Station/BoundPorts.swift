import HTTP
import Logging

/// The ports, bound; no client is let in yet.
struct BoundPorts: Sendable {
  let listeners: ListenSocket
  /// The port that serves https beside `listeners`; nil where there is none.
  let secure: ListenSocket?
  /// Whether `listeners` and `operators` speak https.
  let areSecure: Bool
  /// Nil where operators have no port of their own.
  let operators: ListenSocket?

  /// The address of the operators' port, unless a setting names another.
  static let operatorsHost = "127.0.0.1"

  init(_ settings: StationSettings) throws(ServerError) {
    let endpoints = settings.endpoints
    areSecure = endpoints.isSecure
    listeners = try ListenSocket(host: endpoints.host, port: endpoints.port)
    if let port = endpoints.tlsPort {
      secure = try ListenSocket(host: endpoints.host, port: port)
    } else {
      secure = nil
    }
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

  /// The listeners' port that speaks https; nil where none does.
  var listenersSecurePort: UInt16? { secure?.port ?? (areSecure ? listeners.port : nil) }

  /// Logs the addresses of the pages. A person at a terminal also sees a QR code of the first address that other devices
  /// reach.
  /// - Parameter made: the operators' token, where the station made one.
  func announce(made: OperatorToken?, showingQRCode: Bool, log: Log) {
    let scheme = areSecure ? "https" : "http"
    for socket in [listeners, operators].compactMap(\.self) {
      guard let host = socket.replacedHost else { continue }
      log.info("this machine has no IPv6: \(socket.host) takes the place of \(host)")
    }
    log.info("listening on \(Self.url(scheme, listeners))" + (secure.map { " and \(Self.url("https", $0))" } ?? ""))
    let present = NetworkAddresses.present
    let plain = addresses(scheme, listeners, present)
    for urls in [plain, secure.map { addresses("https", $0, present) } ?? []] where !urls.isEmpty {
      log.info("other devices reach the page at \(urls.joined(separator: " or "))")
    }
    if showingQRCode, let first = plain.first, let code = QRCode(first) { log.show(code.terminalText) }
    let token = made.map { "?token=\($0.token.text)" } ?? ""
    if let operators {
      log.info("operators: on \(Self.url(scheme, operators))\(token)")
    } else if made != nil {
      log.info("operators: on \(Self.url(scheme, listeners))status.html\(token)")
    }
    if let path = made?.path { log.info("operators: the token is in \(path)") }
  }

  private func addresses(_ scheme: String, _ socket: ListenSocket, _ present: [IPAddress]) -> [String] {
    PageAddresses(
      scheme: scheme, host: socket.host, port: socket.port, isLocal: socket.isLocal, present: present
    ).urls
  }

  /// RFC 3986 §3.2.2: an IPv6 address stands in brackets.
  private static func url(_ scheme: String, _ socket: ListenSocket) -> String {
    "\(scheme)://\(socket.host.contains(":") ? "[\(socket.host)]" : socket.host):\(socket.port)/"
  }
}
