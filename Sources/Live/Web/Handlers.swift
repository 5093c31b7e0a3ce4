import Codec
import HLS
import HTTP
import System

/// Answers requests from what is published; reads one immutable edition and never the disk.
final class Handlers: Sendable {
  private let streams: [String: LiveStream]
  private let files: StaticFiles
  private let admission: TokenGate
  private let operators: OperatorGate
  private let gates: OriginGates
  private let status: StatusReport
  private let listeners: ListenerCounter
  private let statistics: @Sendable () -> StationStatistics
  /// Whether a browser may be told to keep a token for encrypted connections only.
  private let isSecure: Bool

  init(
    streams: [LiveStream], files: StaticFiles, admission: TokenGate, operators: OperatorGate, gates: OriginGates,
    status: StatusReport, listeners: ListenerCounter, statistics: @escaping @Sendable () -> StationStatistics,
    isSecure: Bool
  ) {
    self.streams = Dictionary(uniqueKeysWithValues: streams.map { ($0.name, $0) })
    (self.files, self.admission, self.operators, self.gates) = (files, admission, operators, gates)
    self.status = status
    (self.listeners, self.statistics, self.isSecure) = (listeners, statistics, isSecure)
  }

  /// - Parameters:
  ///   - door: what it has come to.
  ///   - waited: nanoseconds since the request was held first.
  func reply(to request: Request, through door: Endpoint, waited: Int) -> Reply {
    let route = Route(request.path)
    if let refusal = gates.refusal(of: request, for: route, through: door) { return .respond(refusal.response) }
    let reply = reply(to: request, for: route, through: door, waited: waited)
    guard case .respond(let response) = reply else { return reply }
    return .respond(gates.permitting(response, to: request, for: route, through: door))
  }

  private func reply(to request: Request, for route: Route, through door: Endpoint, waited: Int) -> Reply {
    if case .metadata(let name) = route { return reply(to: request, forMetadataOf: name, through: door) }
    switch request.method {
    case .put, .other: return .respond(.methodNotAllowed)
    case .options, .get, .head: break
    }
    switch (route, door) {
    case (.operators(let resource), _): return .respond(response(to: request, for: resource, through: door))
    case (.description(let name), .listeners):
      guard let pass = pass(for: request) else { return .respond(.unauthorized) }
      guard let stream = streams[name] else { break }
      listeners.noteDescription(request)
      let headers = admission.keeping(pass, isSecure: isSecure)
      return .respond(stream.description(headers: headers).response(to: request))
    case (.media(let name, let resource), .listeners):
      guard let pass = pass(for: request) else { return .respond(.unauthorized) }
      guard let stream = streams[name] else { break }
      let reply = reply(
        stream.shelf.edition, resource, request, carrying: pass.inQuery, patience: stream.patience - waited)
      return listeners.noting(reply, to: request, for: resource, isNew: waited == 0)
    case (.other, .listeners): return .respond(file(request.path, for: request))
    case (.other, .operators):
      return .respond(file(request.path == "/" ? "/status.html" : request.path, for: request))
    case (.description, .operators), (.media, .operators), (.metadata, _): break
    }
    return .respond(.notFound)
  }

  private func reply(to request: Request, forMetadataOf name: String, through door: Endpoint) -> Reply {
    let changes = request.method == .put
    if changes || door == .operators {
      let verdict = operators.verdict(for: request, through: door, changes: changes)
      if case .refused(let refusal) = verdict { return .respond(refusal.response) }
    } else if pass(for: request) == nil {
      return .respond(.unauthorized)
    }
    return streams[name].map { NowPlayingResource(titles: $0.titles).reply(to: request) } ?? .respond(.notFound)
  }

  private func file(_ path: String, for request: Request) -> Response {
    files.file(path)?.response(to: request) ?? .notFound
  }

  private func response(to request: Request, for resource: OperatorResource, through door: Endpoint) -> Response {
    let verdict =
      resource == .page
      ? operators.verdictForPage(for: request, through: door) : operators.verdict(for: request, through: door)
    switch (verdict, resource) {
    case (.refused(let refusal), _): return refusal.response
    case (.welcome, .page): return file(request.path, for: request)
    case (.welcome, .metrics): return metrics.response(to: request)
    case (.welcome(let pass), .status):
      return status.representation(headers: operators.keeping(pass, isSecure: isSecure)).response(to: request)
    }
  }

  private var metrics: Representation {
    Representation(
      Array(Metric.text(statistics().metrics).utf8), contentType: Metric.contentType, cacheControl: "no-store",
      lastModified: Clock.wall() / 1_000_000, ranges: false, compressed: true)
  }

  /// The Fetch standard, "CORS-preflight fetch": what asks leave to ask has nothing to show yet.
  private func pass(for request: Request) -> TokenGate.Pass? {
    request.method == .options ? TokenGate.Pass() : admission.pass(for: request)
  }

  /// What an edition has to say to a request for one of its resources.
  private func reply(
    _ edition: Edition?, _ resource: Resource, _ request: Request, carrying token: Token?, patience: Int
  ) -> Reply {
    let outcome = edition?.outcome(for: resource, request, carrying: token) ?? .later
    switch outcome {
    case .response(let response): return .respond(response)
    case .missing(let reason): return .respond(.text(404, "\(reason)\n"))
    case .later:
      if request.method == .options { return .respond(.options) }
      if patience > 0 { return .hold }
      // rfc8216bis §6.2.5.2: held for more than three target durations "SHOULD … 503 Service Unavailable".
      return .respond(.text(503, "it is not there yet\n", headers: [(name: "Retry-After", value: "1")]))
    }
  }
}

/// What can be got of a stream.
enum Resource: Equatable {
  case playlist
  case lowLatencyPlaylist
  case segment(Int)
  case part(Int, index: Int)
  /// All segments, one after the other.
  case endless
}

/// What operators can get.
enum OperatorResource: Equatable {
  case status
  case page
  case metrics
}

/// What a path means.
enum Route: Equatable {
  case media(stream: String, Resource)
  case description(stream: String)
  case metadata(stream: String)
  case operators(OperatorResource)
  case other

  init(_ path: String) {
    let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    self = .other
    if path == "/status" {
      self = .operators(.status)
    } else if path == "/metrics" {
      self = .operators(.metrics)
    } else if path == "/status.html" {
      self = .operators(.page)
    } else if parts.count == 1, let name = parts[0].without(suffix: "-ll.m3u8") {
      self = .media(stream: name, .lowLatencyPlaylist)
    } else if parts.count == 1, let name = parts[0].without(suffix: ".m3u8") {
      self = .media(stream: name, .playlist)
    } else if parts.count == 1, let name = parts[0].without(suffix: ".\(AudioCodec.mp3.fileExtension)") {
      self = .media(stream: name, .endless)
    } else if parts.count == 1, let name = parts[0].without(suffix: ".json") {
      self = .description(stream: name)
    } else if parts.count == 2, parts[1] == "metadata", !parts[0].isEmpty {
      self = .metadata(stream: parts[0])
    } else if parts.count == 2, let name = SegmentName(parts[1], of: .mp3) {
      self = .media(stream: parts[0], name.part.map { .part(name.sequence, index: $0) } ?? .segment(name.sequence))
    }
  }
}

extension String {
  fileprivate func without(suffix: String) -> String? {
    hasSuffix(suffix) && self != suffix ? String(dropLast(suffix.count)) : nil
  }
}
