import HTTP
package import Logging
import Synchronization
import System

/// The running program: the streams and the servers in front of them.
package final class Station: Sendable {
  private let streams: StreamDirectory
  private let endpoints: Endpoints
  private let notifier: PublishNotifier
  private let reports: StationReports
  private let tokens: [TokenGate]
  private let awaited: AwaitedTokens
  private let certificates: CertificateSource?
  private let accessLog: AccessLog?
  /// Nil where the settings switch rooms off: then there is no thread and no path for them.
  private let rooms: StationRooms?
  private let spelling: SettingSpelling
  private let log: Log
  /// Rereads the files on a thread of its own, because a disk may hang. The inbox holds whether an operator has asked.
  private let reloader = Worker<Bool>(name: "reload", inbox: false)
  /// The time between two looks at the station's own certificate.
  private static let certificateInterval = Duration.seconds(3600)

  /// Reads the page, the tokens and the certificate, binds the ports, opens the sources, starts the streams, and then lets
  /// clients in.
  /// - Parameters:
  ///   - log: gets a line for each event.
  ///   - onBound: called when the ports are bound; no thread is started and no byte of a client is read yet.
  ///   - onEnd: called on another thread, once when the input of every stream has ended, and when a stream has failed.
  package init(
    _ settings: StationSettings, log: Log, onBound: () throws -> Void, onEnd: @escaping @Sendable (StreamEnd) -> Void
  ) throws {
    let inputs = try StationInputs(settings, log: log)
    // The ports first: a microphone is not opened for a server that cannot be reached.
    let ports = try BoundPorts(settings)
    try onBound()
    // From here on with the rights that opening a file again will have.
    let secrets = SecretWords()
    let accessLog = try Self.accessLog(settings, hiding: secrets, log: log)
    let origins = OriginGates(settings, ports, isClosed: inputs.listenTokens.isClosed, log: log)
    let audience = Audience(
      caches: inputs.listenTokens.isClosed ? .own : .all, crossOrigin: origins.listeners.headers)
    let audiences = Audiences(settings.streams)
    let endpoints = try Endpoints(
      ports, settings, inputs.certificate, headers: audience.crossOrigin, log: log,
      observers: Endpoints.Observers(
        onAnswer: accessLog.map { accessLog in { @Sendable in accessLog.note($0) } }, onClose: { audiences.closed($0) })
    )
    let notifier = Self.notifier(of: settings.streams.count, telling: endpoints.listeners)
    let voices = settings.rooms.map { _ in StationVoices(settings, log: log) }
    do {
      let started = try Self.start(settings, for: audience, voices, notifying: notifier, log: log, onEnd: onEnd)
      do {
        certificates = try Self.certificates(settings, inputs, presentingTo: endpoints, log: log)
      } catch {
        Self.stop(started.streams)
        throw error
      }
      streams = started
    } catch {
      voices?.stop()
      notifier.stop()
      endpoints.stop()
      throw error
    }

    // The streams have made the sound directory, and no other program writes there now.
    let made = inputs.operatorTokens == nil ? OperatorToken(in: settings.streams[0].soundDirectory, log: log) : nil
    let operatorTokens = inputs.operatorTokens ?? OperatorGate.tokens(made!, log: log)
    let inviteKey = inputs.inviteKey(settings, log: log)
    secrets.gates.withLock { $0 = [inputs.listenTokens, operatorTokens] }
    secrets.inviteKey.withLock { $0 = inviteKey }
    let gates = Gates(
      origins: origins, listeners: inputs.listenTokens, port: ports.listeners.port,
      operators: OperatorGate(
        operatorTokens, areChosen: made == nil, at: ports.operatorEndpoint,
        port: (ports.operators ?? ports.listeners).port, isLocal: ports.areOperatorsLocal),
      spelling: settings.spelling)
    let rooms: StationRooms? =
      if let inviteKey, let voices {
        StationRooms(
          settings, settings.rooms ?? RoomSettings(),
          in: StationRooms.Surroundings(
            streams: streams, audiences: audiences, voices: voices, endpoints: endpoints, gates: gates,
            files: inputs.page, seal: inviteKey, callServers: inputs.callServers, headers: audience.crossOrigin),
          log: log)
      } else {
        nil
      }
    // Weakly: the servers keep the handlers, which keep the reports.
    reports = StationReports(log: log) {
      [streams, start = Start(), weak server = endpoints.listeners, weak operators = endpoints.operators] in
      StationSnapshot(
        start: start, server: server?.figures ?? Server.Figures(), operators: operators?.figures, streams: streams,
        audiences: audiences, lostLines: accessLog?.lost, port: ports.listeners.port, rooms: rooms?.service.snapshot,
        voices: rooms?.voices.snapshot)
    }
    let handlers = Handlers(
      streams: streams, files: inputs.page, gates: gates, reports: reports, audiences: audiences,
      secureAddress: SecureAddress(port: ports.listenersSecurePort), rooms: rooms?.handlers, studio: rooms?.studio)
    endpoints.start { handlers.reply(to: $0, through: $1, waited: $2) }

    self.endpoints = endpoints
    self.notifier = notifier
    self.accessLog = accessLog
    self.rooms = rooms
    self.log = log
    tokens = [inputs.listenTokens, operatorTokens]
    awaited = inputs.awaited
    spelling = settings.spelling
    // Weakly: the station keeps the thread.
    let rest: Worker<Bool>.Wait = .untilPostOr(Self.certificateInterval)
    reloader.start(with: (), first: rest) { [weak self] _, isAsked in
      if isAsked { self?.reread() } else { self?.renewCertificate() }
      return rest
    }
    ports.announce(made: made, log: log)
  }

  /// Reads the tokens and the certificate again, and returns at once; no connection is cut off. An invalid file is logged,
  /// and the values that it gave before stay.
  package func reload() {
    reloader.post { $0 = true }
  }

  private func reread() {
    for tokens in tokens {
      do {
        try tokens.reload()
      } catch {
        log.error("reload: \(error.text(spelling)); the tokens stay as they were")
      }
    }
    do {
      if let certificate = try certificates?.renewed(at: .now, log: log) { endpoints.present(certificate) }
    } catch {
      log.error("reload: \(error.text(spelling)); the certificate stays as it was")
    }
    accessLog?.reopen()
    log.info("reload: done")
  }

  private func renewCertificate() {
    do {
      if let certificate = try certificates?.renewedUnasked(at: .now) { endpoints.present(certificate) }
    } catch {
      log.error("\(error.text(spelling)); the certificate stays as it was")
    }
  }

  /// The longest time between two calls of `look`.
  package static let interval = HourlyHistory.interval

  /// Adds the present figures to those of the last hour, tries awaited token files again, and looks for disks that hang.
  package func look() {
    reports.sample()
    for stream in streams.streams { stream.look(at: .now) }
    awaited.retry()
  }

  /// How far the streams have come.
  package var progress: StationProgress { StationProgress(positions: streams.streams.map(\.progress)) }

  /// Stops within two seconds, and leaves the folders valid.
  package func stop() {
    log.info("stopping")
    reloader.stop(within: .zero)
    Self.stop(streams.streams)
    notifier.stop()
    rooms?.stop()
    endpoints.stop()
    accessLog?.stop(within: .milliseconds(200))
  }
}

// The steps of the start

extension Station {
  private static func accessLog(
    _ settings: StationSettings, hiding secrets: SecretWords, log: Log
  ) throws(InvalidInput) -> AccessLog? {
    guard let path = settings.logging.accessLog else { return nil }
    return try AccessLog(
      path: path, label: settings.spelling(.accessLog), isSecret: { secrets.contains($0) }, log: log)
  }

  /// The place of the certificate. The station's own certificate is read or made, and presented: the streams have made the
  /// sound directory, and no other program writes there now.
  private static func certificates(
    _ settings: StationSettings, _ inputs: StationInputs, presentingTo endpoints: Endpoints, log: Log
  ) throws -> CertificateSource? {
    if let files = inputs.certificateFiles { return .files(files) }
    guard settings.endpoints.makesCertificate else { return nil }
    let own = try OwnCertificate(
      key: inputs.ownKey, in: settings.streams[0].soundDirectory, names: { MachineNames.present(settings) }, log: log)
    if let certificate = try own.renewed(at: .now) { endpoints.present(certificate) }
    return .own(own)
  }

  /// Sends on the streams' growing answers, and asks held requests again.
  private static func notifier(of streams: Int, telling server: Server) -> PublishNotifier {
    PublishNotifier(streams: streams) { events in
      // Sound first.
      for (channel, events) in events.enumerated() {
        if events.contains(.growth) {
          server.sendOn(channel: channel)
        } else if events.contains(.everyFrame) {
          server.sendOn(channel: channel, everyFrameOnly: true)
        }
      }
      if events.contains(where: { $0.contains(.edition) }) { server.wake() }
    }
  }

  /// Starts every stream, or none. An error names its stream, unless there is only one.
  private static func start(
    _ settings: StationSettings, for audience: Audience, _ voices: StationVoices?,
    notifying notifier: PublishNotifier, log: Log, onEnd: @escaping @Sendable (StreamEnd) -> Void
  ) throws -> StreamDirectory {
    let running = Running(settings.streams.count, onEnd: onEnd)
    var started: [LiveStream] = []
    do {
      for (channel, stream) in settings.streams.enumerated() {
        started.append(
          try StreamBuilder(
            stream, for: audience, voices: voices,
            log: settings.streams.count > 1 ? log.prefixed("\(stream.name): ") : log
          ).start(onChange: { notifier.post($0, of: channel) }, onEnd: { running.note($0) }))
      }
    } catch {
      stop(started)
      let failed = settings.streams[started.count]
      if let invalid = error as? InvalidInput { throw settings.naming(failed, in: invalid) }
      if settings.streams.count > 1 { throw StreamFailure(name: failed.name, cause: error) }
      throw error
    }
    return StreamDirectory(started)
  }

  /// Stops the streams at the same time, because each may take its time.
  private static func stop(_ streams: [LiveStream]) {
    let stopped = Semaphore()
    for stream in streams.dropFirst() {
      NamedThread(name: "stop") {
        stream.stop()
        stopped.post()
      }.detach()
    }
    streams.first?.stop()
    for _ in streams.dropFirst() { stopped.wait() }
  }
}

/// The number of streams whose input has not ended.
private final class Running: Sendable {
  private let count: Atomic<Int>
  private let onEnd: @Sendable (StreamEnd) -> Void

  /// - Parameter onEnd: called when each stream has ended, and when one has failed.
  init(_ count: Int, onEnd: @escaping @Sendable (StreamEnd) -> Void) {
    self.count = Atomic(count)
    self.onEnd = onEnd
  }

  func note(_ end: StreamEnd) {
    guard end == .ended else { return onEnd(end) }
    if count.wrappingSubtract(1, ordering: .relaxed).newValue == 0 { onEnd(end) }
  }
}

/// A stream that could not be started.
private struct StreamFailure: Error, CustomStringConvertible {
  let name: StreamName
  let cause: any Error

  var description: String { "stream \(name): \(cause)" }
}
