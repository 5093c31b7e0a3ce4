import HLS
import HTTP

/// Answers requests from what is published; reads one immutable edition and never the disk.
final class Handlers: Sendable {
  private let streams: [String: LiveStream]
  private let files: StaticFiles
  private let admission: Admission
  /// Whether a browser may be told to keep a token for encrypted connections only.
  private let isSecure: Bool

  init(streams: [LiveStream], files: StaticFiles, admission: Admission, isSecure: Bool) {
    self.streams = Dictionary(uniqueKeysWithValues: streams.map { ($0.name, $0) })
    (self.files, self.admission, self.isSecure) = (files, admission, isSecure)
  }

  /// - Parameter waited: nanoseconds since the request was held first.
  func reply(to request: Request, waited: Int) -> Reply {
    switch request.method {
    case .other: return .respond(.methodNotAllowed)
    case .options, .get, .head: break
    }
    switch Route(request.path) {
    case .description(let name):
      guard let pass = pass(for: request) else { return .respond(.unauthorized) }
      guard let stream = streams[name] else { break }
      return .respond(stream.description(headers: cookie(pass.inQuery)).response(to: request))
    case .media(let name, let resource):
      guard let pass = pass(for: request) else { return .respond(.unauthorized) }
      guard let stream = streams[name] else { break }
      return reply(
        stream.shelf.edition, resource, request, carrying: pass.inQuery, patience: stream.patience - waited)
    case .other:
      guard let file = files.file(request.path) else { break }
      return .respond(file.response(to: request))
    }
    return .respond(.notFound)
  }

  /// The Fetch standard, "CORS-preflight fetch": what asks leave to ask has nothing to show yet.
  private func pass(for request: Request) -> Admission.Pass? {
    request.method == .options ? Admission.Pass() : admission.pass(for: request)
  }

  /// Has a browser keep the token that came in the query, so that it need not be in any address again. Not sent along
  /// with what other sites' pages ask for, and not shown to scripts (RFC 6265bis §5.7).
  private func cookie(_ token: Token?) -> [(name: String, value: String)] {
    guard let token else { return [] }
    let rules = "Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    return [(name: "Set-Cookie", value: "\(Admission.cookie)=\(token.text); \(rules)")]
  }

  /// What an edition has to say to a request for one of its resources.
  private func reply(
    _ edition: Edition?, _ resource: Resource, _ request: Request, carrying token: Token?, patience: Int
  ) -> Reply {
    let outcome = edition?.outcome(for: resource, request, carrying: token) ?? .later
    switch outcome {
    case .response(let response): return .respond(response)
    case .missing(let reason): return .respond(.text(404, "\(reason)\n", headers: CORS.headers))
    case .later:
      if request.method == .options { return .respond(CORS.preflight) }
      if patience > 0 { return .hold }
      // rfc8216bis §6.2.5.2: held for more than three target durations "SHOULD … 503 Service Unavailable".
      return .respond(
        .text(503, "it is not there yet\n", headers: [(name: "Retry-After", value: "1")] + CORS.headers))
    }
  }
}

/// What can be got of a stream.
enum Resource: Equatable {
  case playlist
  case lowLatencyPlaylist
  case segment(Int)
  case part(Int, index: Int)
}

/// What a path means.
enum Route: Equatable {
  case media(stream: String, Resource)
  case description(stream: String)
  case other

  init(_ path: String) {
    let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    self = .other
    if parts.count == 1, let name = parts[0].without(suffix: "-ll.m3u8") {
      self = .media(stream: name, .lowLatencyPlaylist)
    } else if parts.count == 1, let name = parts[0].without(suffix: ".m3u8") {
      self = .media(stream: name, .playlist)
    } else if parts.count == 1, let name = parts[0].without(suffix: ".json") {
      self = .description(stream: name)
    } else if parts.count == 2, let sequence = Segment.sequence(ofName: parts[1]) {
      self = .media(stream: parts[0], .segment(sequence))
    } else if parts.count == 2, let (sequence, index) = LowLatencyPlaylist.part(ofName: parts[1]) {
      self = .media(stream: parts[0], .part(sequence, index: index))
    }
  }
}

extension String {
  fileprivate func without(suffix: String) -> String? {
    hasSuffix(suffix) && self != suffix ? String(dropLast(suffix.count)) : nil
  }
}
