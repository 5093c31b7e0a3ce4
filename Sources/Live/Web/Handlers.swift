import Core
import HLS
import HTTP
import Rooms
import System

/// Answers requests from the editions that are published; it never reads the disk. The answer to a request for a recording
/// is a file, whose bytes threads of the server read.
final class Handlers: Sendable {
  private let streams: StreamDirectory
  private let latestPages: Replaceable<StationPages>
  private var pages: StationPages { latestPages.value }
  private let station: StationDocument
  private let gates: Gates
  private let reports: StationReports
  private let audiences: Audiences
  private let secureAddress: SecureAddress
  /// Nil where the station has no rooms.
  private let rooms: RoomHandlers?
  private let studio: StudioHandlers?
  private let sourceClients: SourceClients?
  /// Nil where no stream has taken source clients.
  private var sources: SourceClients? { sourceClients?.areExpected == true ? sourceClients : nil }
  /// Nil where no stream can be recorded.
  private let recordings: RecordingHandlers?
  /// Nil where nobody may upload.
  private let uploads: UploadHandlers?

  init(
    streams: StreamDirectory, pages: Replaceable<StationPages>, station: StationDocument, gates: Gates,
    reports: StationReports,
    audiences: Audiences, secureAddress: SecureAddress = SecureAddress(port: nil), rooms: RoomHandlers? = nil,
    studio: StudioHandlers? = nil, sources: SourceClients? = nil, recordings: RecordingHandlers? = nil,
    uploads: UploadHandlers? = nil
  ) {
    self.streams = streams
    latestPages = pages
    self.station = station
    self.gates = gates
    self.reports = reports
    self.audiences = audiences
    self.secureAddress = secureAddress
    self.rooms = rooms
    self.studio = studio
    sourceClients = sources
    self.recordings = recordings
    self.uploads = uploads
  }

  /// - Parameters:
  ///   - endpoint: the port that the request has come to.
  ///   - waited: nanoseconds since the request was held first.
  func reply(to request: Request, through endpoint: Endpoint, waited: Int) -> Reply {
    if endpoint == .listeners, let sources, let path = SourcePath(request) {
      return sources.reply(to: request, for: path)
    }
    if let uploads, let path = UploadPath(request) {
      // A path of the uploads is as guarded as the list of the recordings.
      if let refusal = gates.origins.refusal(of: request, for: .recordings(.list), through: endpoint) {
        return .respond(.uploadError(refusal.response(gates.spelling)))
      }
      return uploads.reply(to: request, for: path, through: endpoint, waited: .nanoseconds(waited))
    }
    let route = Route(request.path) { pages.plain.file($0) != nil }
    if let refusal = gates.origins.refusal(of: request, for: route, through: endpoint) {
      return .respond(refusal.response(gates.spelling))
    }
    let reply = reply(to: request, for: route, through: endpoint, waited: .nanoseconds(waited))
    guard case .respond(let response) = reply else { return reply }
    return .respond(gates.origins.permitting(response, to: request, for: route, through: endpoint))
  }

  private func reply(to request: Request, for route: Route, through endpoint: Endpoint, waited: Duration) -> Reply {
    if let sources, let name = SourcePath.disconnected(by: request) {
      return .respond(disconnect(name, sources, request, through: endpoint))
    }
    // A script of a page that the station does not have is not there either.
    let path = PageVersion.plainPath(of: request.path) ?? request.path
    if uploads == nil, UploadPath.contains(path) { return .respond(.notFound) }
    if rooms == nil, RoomPath.contains(path) || StudioPath.contains(path) {
      // The page that records uses the microphone as the page of a room does.
      guard uploads != nil, path.begins(with: "/rooms/js/") else { return .respond(.notFound) }
    }
    if case .rooms(.room(let room, .members)) = route, request.method == .get || request.method == .head {
      return .respond(members(of: room, request, through: endpoint))
    }
    if case .rooms(let path) = route {
      return rooms?.reply(to: request, for: path, waited: waited) ?? .respond(.notFound)
    }
    if case .studio(let path) = route {
      return .respond(studio?.response(to: request, for: path) ?? .notFound)
    }
    if recordings?.areRecorded != true, RecordingPath.contains(path) { return .respond(.notFound) }
    if case .recordings(let path) = route, let recordings {
      return recordings.reply(to: request, for: path, through: endpoint, waited: waited)
    }
    if case .stream(let name, .nowPlaying) = route {
      return nowPlaying(of: name, request, through: endpoint)
    }
    switch request.method {
    case .put, .other: return .respond(isNothing(route, request) ? .notFound : .methodNotAllowed)
    case .options, .get, .head: break
    }
    switch (route, endpoint) {
    case (.api(let resource), _): return .respond(report(resource, request, through: endpoint))
    case (.operators, _): return .respond(operatorPage(request, through: endpoint))
    case (.page("/"), .listeners): return .respond(front(of: chosenStream(of: request), request))
    case (.page("/index.html"), .listeners) where chosenStream(of: request) != nil:
      return .respond(front(of: chosenStream(of: request), request))
    case (.page(let path), .listeners): return .respond(file(path, for: request, through: endpoint))
    case (.page(let path), .operators):
      return .respond(file(path == "/" ? "/status.html" : path, for: request, through: endpoint))
    case (.face(let resource), _): return .respond(face(resource, of: nil, request))
    case (.stream(let name, .face(let resource)), .listeners): return .respond(face(resource, of: name, request))
    case (.station, .listeners): return .respond(station.response(to: request))
    case (.stream(let name, .page), .listeners):
      return .respond(pages.player(of: name, at: PageAddress(request))?.response(to: request) ?? .notFound)
    case (.stream(let name, .description), .listeners): return .respond(description(of: name, request))
    case (.stream(let name, .link(let link)), .listeners): return .respond(self.link(link, to: name, request))
    case (.stream(let name, .clip), .listeners): return clip(of: name, request)
    case (.stream(let name, .media(let resource, let era)), .listeners):
      return media(resource, of: name, in: era, request, waited: waited)
    case (.stream(let name, .picture(let picture)), .listeners):
      return pictures(picture, of: name, request, waited: waited)
    case (.secureAddress, .listeners): return .respond(secureAddress.response(to: request))
    case (.stream, .operators), (.stream(_, .nowPlaying), _), (.secureAddress, _), (.station, _),
      (.rooms, _), (.studio, _), (.recordings, _):
      return .respond(.notFound)
    }
  }

  /// Whether the path is below the rooms and has neither a meaning nor a file, such as the events of a reserved name.
  private func isNothing(_ route: Route, _ request: Request) -> Bool {
    guard case .page(let path) = route else { return false }
    return RoomPath.contains(request.path) && pages.plain.file(path) == nil
  }

  // A stream

  private func description(of name: StreamName, _ request: Request) -> Response {
    guard let pass = pass(for: request, listeningTo: name) else { return refusal(of: request) }
    guard let entry = streams.now[name] else { return .notFound }
    audiences[entry.channel].noteDescription(request)
    let gate = gates.listeners[name]
    let headers = gate.keeping(pass, for: request, port: gates.port)
    return entry.stream.description(needsToken: gate.isClosed, headers: headers).response(to: request)
  }

  private func link(_ link: EndlessLink, to name: StreamName, _ request: Request) -> Response {
    guard let pass = pass(for: request, listeningTo: name) else { return refusal(of: request) }
    guard let stream = streams[name] else { return .notFound }
    return link.response(
      to: request, for: name, token: pass.inQuery, isSecure: request.client.isSecure, stream.audience)
  }

  private func media(
    _ resource: Resource, of name: StreamName, in era: Era?, _ request: Request, waited: Duration
  ) -> Reply {
    guard let pass = pass(for: request, listeningTo: name) else { return .respond(refusal(of: request)) }
    guard let entry = streams.now[name] else { return .respond(.notFound) }
    let stream = entry.stream
    let outcome = stream.edition?.outcome(for: resource, in: era, request, carrying: pass.inQuery) ?? .later
    let reply = reply(to: request, outcome, mayWait: waited < stream.holdTimeout)
    let noted = audiences[entry.channel].noting(reply, to: request, for: resource, isNew: waited == .zero)
    guard case .respond(let response) = noted else { return noted }
    return .respond(response.on(channel: entry.channel))
  }

  private func clip(of name: StreamName, _ request: Request) -> Reply {
    guard pass(for: request, listeningTo: name) != nil else { return .respond(refusal(of: request)) }
    guard let stream = streams[name] else { return .respond(.notFound) }
    guard let edition = stream.edition else { return .respond(.text(404, "the stream has no sound yet\n")) }
    return .respond(StreamClip(edition, of: name, stream.audience).response(to: request))
  }

  private func reply(to request: Request, _ outcome: Edition.Outcome, mayWait: Bool) -> Reply {
    switch outcome {
    case .response(let response): return .respond(response)
    case .missing(let reason): return .respond(.text(404, "\(reason)\n"))
    case .later:
      if request.method == .options { return .respond(.options) }
      if mayWait { return .hold }
      // rfc8216bis §6.2.5.2: held for more than three target durations "SHOULD … 503 Service Unavailable".
      return .respond(.text(503, "it is not there yet\n", headers: [(name: "Retry-After", value: "1")]))
    }
  }

  /// A reader of pictures hears nothing, so that the reader counts as no listener. The limits of connections hold.
  private func pictures(
    _ resource: PictureResource, of name: StreamName, _ request: Request, waited: Duration
  ) -> Reply {
    guard pass(for: request, listeningTo: name) != nil else { return .respond(refusal(of: request)) }
    guard let entry = streams.now[name] else { return .respond(.notFound) }
    let reply = entry.stream.pictures(request, resource, mayWait: waited < entry.stream.holdTimeout)
    let channel = StreamDirectory.pictureChannel(of: entry.channel, among: streams.channels)
    guard case .respond(let response) = reply else { return .holdFor(channel: channel) }
    return .respond(response.on(channel: channel))
  }

  private func nowPlaying(of name: StreamName, _ request: Request, through endpoint: Endpoint) -> Reply {
    let changes = request.method == .put
    if changes || endpoint == .operators {
      let verdict = gates.operators.verdict(for: request, through: endpoint, changes: changes)
      let isHost = changes && studio?.isHost(request, of: name) == true
      if case .refused(let refusal) = verdict, !isHost { return .respond(refusal.response(gates.spelling)) }
    } else if pass(for: request, listeningTo: name) == nil {
      // The methods are those of every stream: the answer tells nothing.
      return .respond(request.method == .options ? NowPlayingResource.options : refusal(of: request))
    }
    return streams[name].map { NowPlayingResource(nowPlaying: $0.nowPlaying).reply(to: request) } ?? .respond(.notFound)
  }

  private func pass(for request: Request, listeningTo name: StreamName) -> TokenGate.Pass? {
    gates.listeners.pass(for: request, listeningTo: name, port: gates.port)
  }

  /// The answer to a request without a valid token. The Fetch standard, "CORS-preflight fetch": a request that asks for
  /// leave to ask shows no token yet. That request gets the same answer whether there is a resource or not.
  private func refusal(of request: Request) -> Response {
    request.method == .options ? .options : .unauthorized(for: request)
  }

  // The operators, and the page

  private func operatorPage(_ request: Request, through endpoint: Endpoint) -> Response {
    switch gates.operators.verdictForPage(for: request, through: endpoint) {
    case .refused(let refusal): refusal.response(gates.spelling)
    case .welcome: file(request.path, for: request, through: endpoint)
    }
  }

  private func report(_ resource: APIResource, _ request: Request, through endpoint: Endpoint) -> Response {
    switch (gates.operators.verdict(for: request, through: endpoint), resource) {
    case (.refused(let refusal), _): return refusal.response(gates.spelling)
    case (.welcome, .metrics): return reports.metrics().response(to: request)
    case (.welcome(let pass), .status):
      let headers = gates.operators.keeping(pass, for: request)
      return reports.status(headers: headers).response(to: request)
    }
  }

  /// An operator disconnects the source client of a stream. A cookie of the operator that comes from a page of another
  /// origin gives no leave.
  private func disconnect(
    _ name: StreamName, _ sources: SourceClients, _ request: Request, through endpoint: Endpoint
  ) -> Response {
    if request.isOfAnotherPage { return .ofAnotherPage }
    switch gates.operators.verdict(for: request, through: endpoint, changes: true) {
    case .refused(let refusal): return refusal.response(gates.spelling)
    case .welcome: break
    }
    guard let mount = sources.mount(of: name) else { return .notFound }
    guard mount.disconnect() else { return .text(409, "no source client is live\n") }
    return Response(status: 204, headers: [(name: "Cache-Control", value: "no-store")])
  }

  private func members(of room: RoomName, _ request: Request, through endpoint: Endpoint) -> Response {
    switch gates.operators.verdict(for: request, through: endpoint) {
    case .refused(let refusal): refusal.response(gates.spelling)
    case .welcome: rooms?.members(of: room) ?? .notFound
    }
  }

  /// The stream whose player a request for the front page asks for; nil where it names none.
  private func chosenStream(of request: Request) -> String? {
    let name = request.query.first { $0.name == "stream" }?.value
    return name?.isEmpty == true ? nil : name
  }

  private func front(of stream: String?, _ request: Request) -> Response {
    pages.front(of: stream, at: PageAddress(request), seesNames: seesNames(request, through: .listeners))?.response(
      to: request) ?? .notFound
  }

  private func file(_ path: String, for request: Request, through endpoint: Endpoint) -> Response {
    pages.file(path, at: PageAddress(request), seesNames: seesNames(request, through: endpoint))?.response(to: request)
      ?? .notFound
  }

  /// - Parameter stream: nil is the station.
  private func face(_ resource: FaceResource, of stream: StreamName?, _ request: Request) -> Response {
    if resource == .qrCode { return QRPicture.response(to: request, for: pages.path(of: stream)) }
    return pages.face(resource, of: stream)?.response(to: request) ?? .notFound
  }

  /// Whether a page may tell the sender of a request how the station is called. A private port gives its page to everybody,
  /// and nothing else. The operators' port has refused other senders already.
  private func seesNames(_ request: Request, through endpoint: Endpoint) -> Bool {
    endpoint == .operators || gates.origins.listeners.refusal(of: request) == nil
  }
}
