import Core
import Glibc
import HTTP
import Logging

/// The people whose port a request has come to.
enum Endpoint: Equatable {
  /// The listeners' ports: http, https, or both.
  case listeners
  /// The operators' own port, where they have one.
  case operators
}

/// A server for the ports of the listeners, and one for the port of the operators.
final class Endpoints: Sendable {
  /// The functions that the servers call about connections of any port.
  struct Observers: Sendable {
    /// Called when an answer is over; nil where nobody needs to know.
    let onAnswer: (@Sendable (FinishedExchange) -> Void)?
    /// Called when a connection to the listeners' port is closed.
    let onClose: @Sendable (_ connection: Int) -> Void
  }

  let listeners: Server
  let operators: Server?

  /// Makes the servers; clients wait until `start`.
  /// - Parameters:
  ///   - certificate: nil where no port speaks https, and where the certificate is presented before `start`.
  ///   - headers: header fields of the answers that the listeners' server gives without the handler.
  init(
    _ ports: BoundPorts, _ settings: StationSettings, _ certificate: Certificate?,
    headers: [(name: String, value: String)], log: Log, observers: Observers
  ) throws(ServerError) {
    if settings.endpoints.requestMemory != nil {
      log.info("\(settings.spelling(.requestMemory)) has no effect: requests of up to 64 kB are always read")
    }
    let limits = Self.limits(settings, log)
    let warnings = ServerWarnings(.listeners(settings.spelling), limits, log: log)
    let operatorsWarnings = ServerWarnings(.operators, Self.operatorLimits, log: log)
    var told = Server.Observers()
    told.log = { log.debug("http: \($0)") }
    told.onAnswer = observers.onAnswer
    told.onTrouble = { operatorsWarnings.report($0) }
    operators = try ports.operators.map { [told] socket throws(ServerError) in
      try Server(
        on: [Server.Port(socket, isSecure: ports.areSecure)], Self.operatorSettings(settings, certificate),
        observers: told)
    }
    told.onTrouble = { warnings.report($0) }
    told.onClose = observers.onClose
    var choices = Server.Settings()
    choices.threads = settings.endpoints.threads
    choices.channels = RoomChannels(settings).end
    choices.limits = limits
    choices.trustedProxies = settings.access.trustedProxies
    choices.certificate = certificate
    choices.headers = headers
    do throws(ServerError) {
      let secure = ports.secure.map { [Server.Port($0, isSecure: true)] } ?? []
      listeners = try Server(
        on: [Server.Port(ports.listeners, isSecure: ports.areSecure)] + secure, choices, observers: told)
    } catch {
      operators?.stop()
      throw error
    }
  }

  /// Answers from now on.
  /// - Parameter reply: the reply to a request, by the port and the nanoseconds since the request was held first.
  func start(reply: @escaping @Sendable (Request, Endpoint, Int) -> Reply) {
    listeners.start { reply($0, .listeners, $1) }
    operators?.start { reply($0, .operators, $1) }
  }

  /// Shows this certificate to connections that begin from now on.
  func present(_ certificate: Certificate) {
    listeners.present(certificate)
    operators?.present(certificate)
  }

  func stop() {
    listeners.stop()
    operators?.stop()
  }

  /// A few pages, and a few programs that ask for figures.
  private static func operatorSettings(_ settings: StationSettings, _ certificate: Certificate?) -> Server.Settings {
    var choices = Server.Settings()
    choices.threads = 1
    choices.channels = RoomChannels(settings).end
    choices.limits = operatorLimits
    choices.trustedProxies = settings.access.trustedProxies
    choices.certificate = certificate
    return choices
  }

  /// No address takes all places, so that nobody shuts the operators out. A page opens six connections.
  private static var operatorLimits: Server.Limits {
    var limits = Server.Limits()
    (limits.connections, limits.connectionsPerAddress) = (64, 16)
    return limits
  }

  /// The limits that the settings name, but with no more connections than the process may have files open, less those of
  /// the operators and some of the program's own: the disk's, the devices', the loops'.
  private static func limits(_ settings: StationSettings, _ log: Log) -> Server.Limits {
    let endpoints = settings.endpoints
    var limits = Server.Limits()
    limits.connections = endpoints.maxListeners
    limits.connectionsPerAddress = endpoints.maxPerAddress
    limits.headerSeconds = Int(endpoints.headerTimeout.seconds)
    limits.idleSeconds = Int(endpoints.idleTimeout.seconds)
    var files = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 else { return limits }
    let operatorsFiles = settings.operators.port == nil ? 0 : operatorLimits.connections + Server.Limits.overflow
    let ownFiles =
      filesOfStation + filesOfStream * settings.streams.count + filesOfThread * endpoints.threads
      + (endpoints.tlsPort == nil ? 0 : 1)
    let most = max(1, Int(clamping: files.rlim_cur) - Server.Limits.overflow - operatorsFiles - ownFiles)
    if limits.connections > most {
      log.info("http: \(most) connections at the most, because the process may have \(files.rlim_cur) files open")
      limits.connections = most
    }
    return limits
  }

  /// Files that the program itself needs open at a time, and those that each of its streams and threads needs.
  private static let filesOfStation = 44
  private static let filesOfStream = 16
  private static let filesOfThread = 2
}
