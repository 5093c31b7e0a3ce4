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
  private let listenTokens: ListenerGates
  private let operatorTokens: TokenGate
  private let changer: StreamChanger
  private let readSettings: (@Sendable () throws(InvalidInput) -> StationSettings)?
  private let awaited: AwaitedTokens
  private let certificates: CertificateSource?
  private let awaitedCertificate: AwaitedCertificate?
  private let accessLog: AccessLog?
  /// Nil where the settings switch rooms off: then there is no thread and no path for them.
  private let rooms: StationRooms?
  private let sources: SourceClients
  /// Nil where nobody may upload.
  private let uploads: StationUploads?
  private let webhooks: Webhooks
  private let listenerRecord = Mutex(ListenerRecord())
  private let start: Start
  private let library: RecordingLibrary
  private let recordingWork: RecordingWork
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
  ///   - readSettings: reads the settings again; nil where nothing can change them.
  ///   - onBound: called when the ports are bound; no thread is started and no byte of a client is read yet.
  ///   - onEnd: called on another thread, once when the input of every stream has ended, and when a stream has failed.
  package init(
    _ settings: StationSettings, log: Log,
    readSettings: (@Sendable () throws(InvalidInput) -> StationSettings)? = nil, onBound: () throws -> Void,
    onEnd: @escaping @Sendable (StreamEnd) -> Void
  ) throws {
    let inputs = try StationInputs(settings, log: log)
    // The ports first: a microphone is not opened for a server that cannot be reached.
    let ports = try BoundPorts(settings)
    try onBound()
    // From here on with the rights that opening a file again will have.
    let secrets = SecretWords()
    let accessLog = try Self.accessLog(settings, hiding: secrets, log: log)
    let uploadInputs = try UploadInputs(settings.uploads, awaited: inputs.awaited, log: log)
    let closed = settings.streams.filter { inputs.listenTokens[$0.name].isClosed }
    let origins = OriginGates(settings, ports, isClosed: closed.count == settings.streams.count, log: log)
    let audience = Audience(caches: closed.isEmpty ? .all : .own, crossOrigin: origins.listeners.headers)
    let isPrivate = !origins.listeners.isOpen
    let pages = Replaceable(StationPages(inputs.page, settings, inputs.faces, isPrivate: isPrivate))
    let audiences = Audiences(settings.streams)
    let endpoints = try Endpoints(
      ports, settings, inputs.certificate, headers: audience.crossOrigin, log: log,
      observers: Endpoints.Observers(
        onAnswer: accessLog.map { accessLog in { @Sendable in accessLog.note($0) } }, onClose: { audiences.closed($0) })
    )
    let notifier = Self.notifier(of: StreamDirectory.channels(of: settings), telling: endpoints.listeners)
    let webhooks = Webhooks(
      settings.webhooks, station: StationNames(settings).station, signature: inputs.webhookSignature, log: log)
    // The first event. The threads that tell the events start when nothing keeps the station from starting any more.
    webhooks.sink.tell(.started(version: StationSettings.version, streams: settings.streams.map(\.name)))
    let voices = settings.rooms.map { _ in StationVoices(log: log) }
    // Weakly: the servers keep the handlers, which keep the library.
    let wake: @Sendable () -> Void = { [weak server = endpoints.listeners, weak operators = endpoints.operators] in
      server?.wake()
      operators?.wake()
    }
    let library = RecordingLibrary(crossOrigin: audience.crossOrigin, onOpen: wake)
    let recordingWork = RecordingWork(library, log: log, onDone: wake)
    let starter = StreamStarter(
      settings,
      for: { [gates = inputs.listenTokens] stream in
        Audience(caches: gates[stream].isClosed ? .own : .all, crossOrigin: audience.crossOrigin)
      },
      voices, inputs.sources, library, notifying: notifier, log: log, events: webhooks.sink, onEnd: onEnd)
    do {
      let started = try starter.startAll()
      do {
        certificates = try Self.certificates(settings, inputs, presentingTo: endpoints, log: log)
      } catch {
        StreamStarter.stop(started)
        throw error
      }
      streams = StreamDirectory(started)
    } catch {
      voices?.stop()
      library.stop()
      notifier.stop()
      endpoints.stop()
      throw error
    }

    // The streams have made the sound directory, and no other program writes there now.
    let made = inputs.operatorTokens == nil ? OperatorToken(in: settings.streams[0].soundDirectory, log: log) : nil
    let operatorTokens = inputs.operatorTokens ?? OperatorGate.tokens(made!, log: log)
    let inviteKey = inputs.inviteKey(settings, log: log)
    secrets.gates.withLock {
      $0 = inputs.listenTokens.all + [operatorTokens] + [uploadInputs?.tokens].compactMap(\.self)
    }
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
            files: pages.value.named, seal: inviteKey, callServers: inputs.callServers, headers: audience.crossOrigin),
          log: log)
      } else {
        nil
      }
    let uploads: StationUploads? =
      if let uploadInputs {
        StationUploads(
          uploadInputs,
          in: StationUploads.Surroundings(
            streams: streams, gates: gates, pages: pages.value.named, sources: inputs.sources, library: library,
            isInvite: { [service = rooms?.service] in service?.isInvite(ofTalker: $0) ?? false },
            wake: wake),
          log: log)
      } else {
        nil
      }
    let start = Start()
    // Weakly: the servers keep the handlers, which keep the reports.
    reports = StationReports(log: log) {
      [streams, start, webhooks, weak server = endpoints.listeners, weak operators = endpoints.operators] in
      StationSnapshot(
        start: start, server: server?.figures ?? Server.Figures(), operators: operators?.figures, streams: streams,
        audiences: audiences, lostLines: accessLog?.lost, port: ports.listeners.port, rooms: rooms?.service.snapshot,
        voices: rooms?.voices.snapshot, sources: inputs.sources, takesUploads: uploads != nil,
        webhooks: webhooks.snapshot)
    }
    let handlers = Handlers(
      streams: streams, pages: pages,
      station: StationDocument(settings.identity, pages, streams, audiences, gates, crossOrigin: audience.crossOrigin),
      gates: gates, reports: reports,
      audiences: audiences, secureAddress: SecureAddress(port: ports.listenersSecurePort), rooms: rooms?.handlers,
      studio: rooms?.studio, sources: inputs.sources,
      recordings: RecordingHandlers(
        library, recordingWork, streams: streams, files: pages.value.named, gates: gates, identity: settings.identity,
        uploads: uploads?.handlers.access),
      uploads: uploads?.handlers)
    endpoints.start { handlers.reply(to: $0, through: $1, waited: $2) }

    self.endpoints = endpoints
    self.notifier = notifier
    self.accessLog = accessLog
    self.rooms = rooms
    self.uploads = uploads
    self.webhooks = webhooks
    self.start = start
    sources = inputs.sources
    self.library = library
    self.recordingWork = recordingWork
    self.log = log
    self.operatorTokens = operatorTokens
    listenTokens = inputs.listenTokens
    changer = StreamChanger(
      settings, streams, starter, audiences, gates, pages: pages, files: inputs.page, secrets: secrets,
      rooms: rooms?.service, isPrivate: ports.areListenersLocal ? isPrivate : nil, notifier: notifier, log: log)
    self.readSettings = readSettings
    awaited = inputs.awaited
    awaitedCertificate = inputs.awaitedCertificate
    spelling = settings.spelling
    // Weakly: the station keeps the thread.
    let rest: Worker<Bool>.Wait = .untilPostOr(Self.certificateInterval)
    reloader.start(with: (), first: rest) { [weak self] _, isAsked in
      if isAsked { self?.reread() } else { self?.renewCertificate() }
      return rest
    }
    webhooks.start()
    ports.announce(made: made, showingQRCode: settings.logging.showsQRCode, log: log)
  }

  /// Reads the tokens, the certificate and the streams of the settings again, and returns at once. An invalid file is logged,
  /// and the values that it gave before stay.
  package func reload() {
    reloader.post { $0 = true }
  }

  private func reread() {
    for tokens in listenTokens.all + [operatorTokens] + [uploads?.tokens].compactMap(\.self) {
      do {
        try tokens.reload()
      } catch {
        log.error("reload: \(error.text(spelling)); the tokens stay as they were")
      }
    }
    do {
      if let certificate = try certificates?.renewed(at: .now, log: log) {
        awaitedCertificate?.settle()
        endpoints.present(certificate)
      }
    } catch {
      log.error("reload: \(error.text(spelling)); the certificate stays as it was")
    }
    // Before the streams change, which takes seconds: a password that is gone lets in nobody any more.
    let faults = sources.reload()
    do {
      if let readSettings { try changer.change(to: readSettings()) }
    } catch {
      log.error("reload: \(error.text(spelling)); the streams stay as they were")
    }
    // With a mount, its file may have gone.
    for (mount, error) in faults where sources.has(mount) {
      log.error("reload: \(error.text(spelling)); the passwords of that stream's source clients stay as they were")
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

  /// Adds the present figures to those of the last hour, tells the record of a day that is over, tries awaited files again,
  /// and looks for disks that hang.
  package func look() {
    let listeners = reports.sample()
    if let day = listenerRecord.withLock({ $0.note(listeners, at: .now) }) { webhooks.sink.tell(.listenerRecord(day)) }
    for stream in streams.streams { stream.look(at: .now) }
    awaited.retry()
    if let certificate = awaitedCertificate?.retry() { endpoints.present(certificate) }
  }

  /// How far the streams have come.
  package var progress: StationProgress {
    StationProgress(positions: streams.now.entries.map { $0.isStopped ? nil : $0.stream.progress })
  }

  /// Stops within two seconds, and leaves the folders valid.
  package func stop() {
    log.info("stopping")
    webhooks.sink.tell(.stopped(uptime: start.span))
    webhooks.finish()
    reloader.stop(within: .zero)
    sources.stop()
    changer.end()
    StreamStarter.stop(streams.now.entries.filter { !$0.isStopped }.map(\.stream))
    notifier.stop()
    rooms?.stop()
    recordingWork.stop()
    uploads?.stop()
    library.stop()
    endpoints.stop()
    accessLog?.stop(within: .milliseconds(200))
    webhooks.stop()
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
      for (channel, events) in events.enumerated() where events.contains(.picture) {
        let pictures = StreamDirectory.pictureChannel(of: channel, among: streams)
        server.sendOn(channel: pictures)
        server.wake(channel: pictures)
      }
    }
  }
}
