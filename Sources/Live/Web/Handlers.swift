import HLS
import HTTP
import Rooms

/// Answers requests from the editions that are published; it never reads the disk.
final class Handlers: Sendable {
  private let streams: StreamDirectory
  private let files: StaticFiles
  private let gates: Gates
  private let reports: StationReports
  private let audiences: Audiences
  private let secureAddress: SecureAddress
  /// Nil where the station has no rooms.
  private let rooms: RoomHandlers?
  private let studio: StudioHandlers?

  init(
    streams: StreamDirectory, files: StaticFiles, gates: Gates, reports: StationReports, audiences: Audiences,
    secureAddress: SecureAddress = SecureAddress(port: nil), rooms: RoomHandlers? = nil, studio: StudioHandlers? = nil
  ) {
    self.streams = streams
    self.files = files
    self.gates = gates
    self.reports = reports
    self.audiences = audiences
    self.secureAddress = secureAddress
    self.rooms = rooms
    self.studio = studio
  }

  /// - Parameters:
  ///   - endpoint: the port that the request has come to.
  ///   - waited: nanoseconds since the request was held first.
  func reply(to request: Request, through endpoint: Endpoint, waited: Int) -> Reply {
    let route = Route(request.path) { files.file($0) != nil }
    if let refusal = gates.origins.refusal(of: request, for: route, through: endpoint) {
      return .respond(refusal.response(gates.spelling))
    }
    let reply = reply(to: request, for: route, through: endpoint, waited: .nanoseconds(waited))
    guard case .respond(let response) = reply else { return reply }
    return .respond(gates.origins.permitting(response, to: request, for: route, through: endpoint))
  }

  private func reply(to request: Request, for route: Route, through endpoint: Endpoint, waited: Duration) -> Reply {
    if rooms == nil, RoomPath.contains(request.path) || StudioPath.contains(request.path) { return .respond(.notFound) }
    if case .rooms(.room(let room, .members)) = route, request.method == .get || request.method == .head {
      return .respond(members(of: room, request, through: endpoint))
    }
    if case .rooms(let path) = route {
      return rooms?.reply(to: request, for: path, waited: waited) ?? .respond(.notFound)
    }
    if case .studio(let path) = route {
      return .respond(studio?.response(to: request, for: path) ?? .notFound)
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
    case (.page(let path), .listeners): return .respond(file(path, for: request))
    case (.page(let path), .operators): return .respond(file(path == "/" ? "/status.html" : path, for: request))
    case (.stream(let name, .description), .listeners): return .respond(description(of: name, request))
    case (.stream(let name, .link(let link)), .listeners): return .respond(self.link(link, to: name, request))
    case (.stream(let name, .media(let resource, let era)), .listeners):
      return media(resource, of: name, in: era, request, waited: waited)
    case (.secureAddress, .listeners): return .respond(secureAddress.response(to: request))
    case (.stream, .operators), (.stream(_, .nowPlaying), _), (.secureAddress, _), (.rooms, _), (.studio, _):
      return .respond(.notFound)
    }
  }

  /// Whether the path is below the rooms and has neither a meaning nor a file, such as the events of a reserved name.
  private func isNothing(_ route: Route, _ request: Request) -> Bool {
    guard case .page(let path) = route else { return false }
    return RoomPath.contains(request.path) && files.file(path) == nil
  }

  // A stream

  private func description(of name: StreamName, _ request: Request) -> Response {
    guard let pass = pass(for: request, listeningTo: name) else { return refusal(of: request) }
    guard let index = streams.index(of: name) else { return .notFound }
    audiences[index].noteDescription(request)
    let headers = gates.listeners.keeping(pass, for: request, port: gates.port)
    return streams.streams[index].description(headers: headers).response(to: request)
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
    guard let index = streams.index(of: name) else { return .respond(.notFound) }
    let stream = streams.streams[index]
    let outcome = stream.edition?.outcome(for: resource, in: era, request, carrying: pass.inQuery) ?? .later
    let reply = reply(to: request, outcome, mayWait: waited < stream.holdTimeout)
    let noted = audiences[index].noting(reply, to: request, for: resource, isNew: waited == .zero)
    guard case .respond(let response) = noted else { return noted }
    return .respond(response.on(channel: index))
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
    gates.listeners.pass(for: request, to: .listen(to: name), port: gates.port)
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
    case .welcome: file(request.path, for: request)
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

  private func members(of room: RoomName, _ request: Request, through endpoint: Endpoint) -> Response {
    switch gates.operators.verdict(for: request, through: endpoint) {
    case .refused(let refusal): refusal.response(gates.spelling)
    case .welcome: rooms?.members(of: room) ?? .notFound
    }
  }

  private func file(_ path: String, for request: Request) -> Response {
    files.file(path)?.response(to: request) ?? .notFound
  }
}
