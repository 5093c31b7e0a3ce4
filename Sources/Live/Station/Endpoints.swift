import Glibc
import HTTP
import Logging

/// Which port a request has come to.
enum Endpoint: Equatable {
  case listeners
  /// `--admin-port`.
  case operators
}

/// The ports, bound; nobody is let in yet.
struct BoundPorts: Sendable {
  let listeners: ListenSocket
  let operators: ListenSocket?

  init(_ configuration: Configuration) throws(ServerError) {
    listeners = try ListenSocket(host: configuration.host, port: configuration.port)
    if let port = configuration.adminPort {
      operators = try ListenSocket(host: configuration.adminHost ?? "127.0.0.1", port: port)
    } else {
      operators = nil
    }
  }

  /// Where operators come in.
  var operatorDoor: Endpoint { operators == nil ? .listeners : .operators }

  /// Whether only this machine can reach them there.
  var isOperatorDoorLocal: Bool { (operators ?? listeners).isLocal }

  /// Whether only this machine can reach the listeners' port.
  var isListenerDoorLocal: Bool { listeners.isLocal }
}

/// A server for each port.
final class Endpoints: Sendable {
  let listeners: Server
  private let operators: Server?

  /// - Parameters:
  ///   - headers: header fields of the answers that the listeners' server gives without `reply`.
  ///   - onAnswer: called when an answer to anybody is over; nil where nobody wants to know.
  ///   - onClose: called when a listener's connection is closed.
  ///   - reply: what becomes of a request, by the door and the nanoseconds since it was held first.
  init(
    _ sockets: BoundPorts, _ configuration: Configuration, _ certificate: Certificate?,
    headers: [(name: String, value: String)], log: Log,
    onAnswer: (@Sendable (FinishedExchange) -> Void)?, onClose: @escaping @Sendable (_ connection: Int) -> Void,
    reply: @escaping @Sendable (Request, Endpoint, Int) -> Reply
  ) throws(ServerError) {
    let limits = Self.limits(configuration, log)
    let troubles = ServerWarnings(limits, log: log)
    let debug = { @Sendable (text: String) in log.debug("http: \(text)") }
    listeners = try Server(
      on: sockets.listeners, limits: limits, certificate: certificate, headers: headers, log: debug,
      onTrouble: { troubles.report($0) }, onAnswer: onAnswer, onClose: onClose
    ) { reply($0, .listeners, $1) }
    do throws(ServerError) {
      operators = try sockets.operators.map { socket throws(ServerError) in
        try Server(
          on: socket, threads: 1, limits: Self.operatorLimits, certificate: certificate, log: debug,
          onAnswer: onAnswer
        ) { reply($0, .operators, $1) }
      }
    } catch {
      listeners.stop()
      throw error
    }
  }

  /// For connections that begin from now on.
  func present(_ certificate: Certificate) {
    listeners.present(certificate)
    operators?.present(certificate)
  }

  func stop() {
    listeners.stop()
    operators?.stop()
  }

  /// A few pages that look, and a few programs.
  private static var operatorLimits: Server.Limits {
    var limits = Server.Limits()
    limits.connections = 64
    return limits
  }

  /// As configured, but with no more connections than the process may have files open, less the operators' and some of its
  /// own: the disk's, the device's, libmicrohttpd's.
  private static func limits(_ configuration: Configuration, _ log: Log) -> Server.Limits {
    var limits = Server.Limits()
    (limits.connections, limits.connectionsPerAddress) = (configuration.maxListeners, configuration.maxPerAddress)
    (limits.headerSeconds, limits.idleSeconds) = (configuration.headerTimeout, configuration.idleTimeout)
    limits.memoryPerConnection = configuration.requestMemory
    var files = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 else { return limits }
    let operatorsFiles = configuration.adminPort == nil ? 0 : operatorLimits.connections + Server.Limits.overflow
    let most = max(1, Int(clamping: files.rlim_cur) - Server.Limits.overflow - operatorsFiles - ownFiles)
    if limits.connections > most {
      log.info("http: \(most) connections at the most, because the process may have \(files.rlim_cur) files open")
      limits.connections = most
    }
    return limits
  }

  private static let ownFiles = 64
}

extension BoundPorts {
  /// Where browsers find the doors.
  /// - Parameter made: the operators' token, where the station made one.
  func announce(isSecure: Bool, made: OperatorToken?, log: Log) {
    let scheme = isSecure ? "https" : "http"
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
