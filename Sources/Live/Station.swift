import Glibc
import HTTP
import Synchronization

/// The running program: the streams and the server in front of them.
package final class Station: Sendable {
  private let stream: LiveStream
  private let admission: Admission
  private let operatorTokens: Admission
  private let certificateFiles: CertificateFiles?
  private let server: Server
  /// At the operators' port, where there is one.
  private let operatorServer: Server?
  private let waker: Waker
  private let status: Status
  private let accessLog: AccessLog?
  private let log: Log

  /// Reads the page, the tokens and the certificate, binds the port, opens the source and begins.
  /// - Parameters:
  ///   - log: gets a line an event.
  ///   - onBound: called when the port is bound, and no thread is started and no byte of a client read yet.
  ///   - onEnd: called once, on another thread, when the input has ended by itself.
  package init(
    _ configuration: Configuration, log: Log, onBound: () throws -> Void, onEnd: @escaping @Sendable () -> Void
  ) throws {
    let files = try StaticFiles.page(configuration.webDirectory)
    let admission = try Admission(configuration)
    let operatorTokens = try OperatorAdmission.tokens(configuration)
    let certificateFiles = CertificateFiles(configuration)
    let certificate = try certificateFiles?.read(log: log)
    // The port first: a microphone is not opened for a server that can't be reached.
    let socket = try ListenSocket(host: configuration.host, port: configuration.port)
    let operatorSocket = try Self.operatorSocket(configuration)
    let operators = OperatorAdmission(
      operatorTokens, at: operatorSocket == nil ? .listeners : .operators,
      isLocal: (operatorSocket ?? socket).isLocal)
    try onBound()
    // With the rights that opening it again will have.
    let accessLog = try configuration.accessLog.map { path throws(Configuration.Conflict) in
      try AccessLog(path: path, log: log)
    }
    let onAnswer = accessLog.map { accessLog in { @Sendable in accessLog.note($0) } }
    let answering = Answering()
    let limits = Self.limits(configuration, log)
    let troubles = Troubles(limits, log: log)
    let listeners = Listeners(segmentLength: configuration.segmentLength)
    let operatorServer = try operatorSocket.map { socket throws(ServerError) in
      try Server(
        on: socket, threads: 1, limits: Self.operatorLimits, certificate: certificate,
        log: { log.debug("http: \($0)") }, onAnswer: onAnswer
      ) { answering.reply(to: $0, through: .operators, waited: $1) }
    }
    let server: Server
    do {
      server = try Server(
        on: socket, limits: limits, certificate: certificate, log: { log.debug("http: \($0)") },
        onTrouble: { troubles.report($0) }, onAnswer: onAnswer, onClose: { listeners.closed($0) }
      ) { answering.reply(to: $0, through: .listeners, waited: $1) }
    } catch {
      operatorServer?.stop()
      throw error
    }
    let waker = Waker { news in
      // Sound first.
      if news.contains(.growth) { server.sendOn() }
      if news.contains(.edition) { server.wake() }
    }
    do {
      stream = try LiveStream.start(
        configuration, for: admission.audience, log: log, onChange: { waker.post($0) }, onEnd: onEnd)
    } catch {
      waker.stop()
      server.stop()
      operatorServer?.stop()
      throw error
    }
    // Weakly: the server keeps the handlers.
    let statistics = { @Sendable [stream, weak server, start = Start()] in
      Statistics(
        uptime: start.uptime, began: start.date, listeners: listeners.figures, server: server?.figures ?? .init(),
        stream: stream.figures, process: .now, lostLines: accessLog?.lost)
    }
    status = Status(of: stream, log: log, statistics: statistics)
    _ = answering.handlers.storeIfNil(
      Handlers(
        streams: [stream], files: files, admission: admission, operators: operators, status: status,
        listeners: listeners, statistics: statistics, isSecure: certificate != nil))
    (self.server, self.operatorServer, self.waker, self.log) = (server, operatorServer, waker, log)
    self.accessLog = accessLog
    (self.admission, self.operatorTokens, self.certificateFiles) = (admission, operatorTokens, certificateFiles)
    let scheme = certificate == nil ? "http" : "https"
    log.info("listening on \(Self.url(scheme, host: configuration.host, port: server.port))")
    if let operatorSocket {
      log.info("operators: on \(Self.url(scheme, host: operatorSocket.host, port: operatorSocket.port))")
    }
  }

  /// Reads the tokens and the certificate again; nobody is cut off. What is no good is logged, and stays as it was.
  package func reload() {
    for tokens in [admission, operatorTokens] {
      do {
        try tokens.reload()
      } catch {
        log.error("reload: \(error); the tokens stay as they were")
      }
    }
    do {
      if let certificate = try certificateFiles?.read(log: log) {
        server.present(certificate)
        operatorServer?.present(certificate)
      }
    } catch {
      log.error("reload: \(error); the certificate stays as it was")
    }
    accessLog?.reopen()
    log.info("reload: done")
  }

  /// Seconds between two calls of `look`, at the most.
  package static let interval = History.interval

  /// Notes what is to be seen of the last hour.
  package func look() {
    status.sample()
  }

  /// Counts up while all is well; nil where there is nothing to expect: the input has ended, or is a pipe, which may wait.
  package var progress: Int? { stream.progress }

  /// Stops within two seconds, leaving the folder valid.
  package func stop() {
    log.info("stopping")
    stream.stop()
    waker.stop()
    server.stop()
    operatorServer?.stop()
    accessLog?.stop(milliseconds: 200)
  }

  private static func operatorSocket(_ configuration: Configuration) throws(ServerError) -> ListenSocket? {
    guard let port = configuration.adminPort else { return nil }
    return try ListenSocket(host: configuration.adminHost ?? "127.0.0.1", port: port)
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

  /// RFC 3986 §3.2.2: an IPv6 address stands in brackets.
  private static func url(_ scheme: String, host: String, port: UInt16) -> String {
    "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)/"
  }
}

/// The handlers, which are made after the server that asks them.
private final class Answering: Sendable {
  let handlers = AtomicLazyReference<Handlers>()

  func reply(to request: Request, through door: Door, waited: Int) -> Reply {
    handlers.load()?.reply(to: request, through: door, waited: waited) ?? .respond(.text(503, "starting\n"))
  }
}
