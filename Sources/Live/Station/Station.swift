import HTTP
package import Logging
import Synchronization

/// The running program: the streams and the server in front of them.
package final class Station: Sendable {
  private let stream: LiveStream
  private let admission: TokenGate
  private let operatorTokens: TokenGate
  private let certificateFiles: CertificateFiles?
  private let doors: Endpoints
  private let waker: PublishNotifier
  private let status: StatusReport
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
    let admission = try TokenGate(configuration)
    let chosenTokens = try OperatorGate.tokens(configuration)
    let certificateFiles = CertificateFiles(configuration)
    let certificate = try certificateFiles?.read(log: log)
    // The ports first: a microphone is not opened for a server that can't be reached.
    let sockets = try BoundPorts(configuration)
    try onBound()
    let gates = OriginGates(configuration, sockets, admission, log: log)
    let audience = Audience(
      caches: admission.isClosed ? .own : .all, crossOrigin: gates.listeners.headers)
    // With the rights that opening it again will have.
    let accessLog = try configuration.accessLog.map { path throws(Configuration.Conflict) in
      try AccessLog(path: path, log: log)
    }
    let onAnswer = accessLog.map { accessLog in { @Sendable in accessLog.note($0) } }
    let answering = Answering()
    let listeners = ListenerCounter(segmentLength: configuration.segmentLength)
    let doors = try Endpoints(
      sockets, configuration, certificate, headers: audience.crossOrigin, log: log, onAnswer: onAnswer,
      onClose: { listeners.closed($0) }
    ) { answering.reply(to: $0, through: $1, waited: $2) }
    let waker = PublishNotifier { news in
      // Sound first.
      if news.contains(.growth) {
        doors.listeners.sendOn()
      } else if news.contains(.prompt) {
        doors.listeners.sendOn(promptOnly: true)
      }
      if news.contains(.edition) { doors.listeners.wake() }
    }
    do {
      stream = try LiveStream.start(
        configuration, for: audience, log: log, onChange: { waker.post($0) }, onEnd: onEnd)
    } catch {
      waker.stop()
      doors.stop()
      throw error
    }
    // The stream has made the folder, and nobody else writes there now.
    let made = chosenTokens == nil ? OperatorToken(in: configuration.soundDirectory, log: log) : nil
    let operatorTokens = chosenTokens ?? OperatorGate.tokens(made!)
    // Weakly: the server keeps the handlers.
    let statistics = { @Sendable [stream, weak server = doors.listeners, start = Start()] in
      StationStatistics(
        uptime: start.uptime, began: start.date, listeners: listeners.figures, server: server?.figures ?? .init(),
        stream: stream.figures, process: .now, lostLines: accessLog?.lost)
    }
    status = StatusReport(of: stream, log: log, statistics: statistics)
    let operators = OperatorGate(
      operatorTokens, areChosen: made == nil, at: sockets.operatorDoor, isLocal: sockets.isOperatorDoorLocal)
    _ = answering.handlers.storeIfNil(
      Handlers(
        streams: [stream], files: files, admission: admission, operators: operators, gates: gates,
        status: status,
        listeners: listeners, statistics: statistics, isSecure: certificate != nil))
    (self.doors, self.waker, self.accessLog, self.log) = (doors, waker, accessLog, log)
    (self.admission, self.operatorTokens, self.certificateFiles) = (admission, operatorTokens, certificateFiles)
    sockets.announce(isSecure: certificate != nil, made: made, log: log)
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
      if let certificate = try certificateFiles?.read(log: log) { doors.present(certificate) }
    } catch {
      log.error("reload: \(error); the certificate stays as it was")
    }
    accessLog?.reopen()
    log.info("reload: done")
  }

  /// Seconds between two calls of `look`, at the most.
  package static let interval = HourlyHistory.interval

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
    doors.stop()
    accessLog?.stop(within: .milliseconds(200))
  }
}

/// The handlers, which are made after the server that asks them.
private final class Answering: Sendable {
  let handlers = AtomicLazyReference<Handlers>()

  func reply(to request: Request, through door: Endpoint, waited: Int) -> Reply {
    handlers.load()?.reply(to: request, through: door, waited: waited) ?? .respond(.text(503, "starting\n"))
  }
}
