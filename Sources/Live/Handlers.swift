import HLS
import HTTP

/// Answers requests from what is published; reads one immutable edition and never the disk.
final class Handlers: Sendable {
  private let streams: [String: LiveStream]
  private let files: StaticFiles

  init(streams: [LiveStream], files: StaticFiles) {
    self.streams = Dictionary(uniqueKeysWithValues: streams.map { ($0.name, $0) })
    self.files = files
  }

  func respond(to request: Request) -> Response {
    representation(request.path).map { $0.response(to: request) } ?? missing(request)
  }

  private func representation(_ path: String) -> Representation? {
    switch Route(path) {
    case .playlist(let name): streams[name]?.shelf.edition?.playlist
    case .segment(let name, let sequence): streams[name]?.shelf.edition?.segment(sequence)
    case .description(let name): streams[name]?.description
    case .other: files.file(path)
    }
  }

  /// Says what there is instead of what was asked for.
  private func missing(_ request: Request) -> Response {
    switch request.method {
    case .other: return .methodNotAllowed
    case .options: return CORS.preflight
    case .get, .head: break
    }
    switch Route(request.path) {
    case .playlist(let name) where streams[name] != nil:
      return .text(
        503, "the first segment of \(name) is not complete yet\n",
        headers: [(name: "Retry-After", value: "1")] + CORS.headers)
    case .segment(let name, let sequence):
      guard let first = streams[name]?.shelf.edition?.first else { break }
      let fate = sequence < first ? "is gone" : "is not there yet"
      return .text(404, "segment \(sequence) of \(name) \(fate)\n", headers: CORS.headers)
    default: break
    }
    return .notFound
  }
}

/// What a path means.
enum Route: Equatable {
  case playlist(stream: String)
  case segment(stream: String, sequence: Int)
  case description(stream: String)
  case other

  init(_ path: String) {
    let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    self = .other
    if parts.count == 1, parts[0].hasSuffix(".m3u8") { self = .playlist(stream: String(parts[0].dropLast(5))) }
    if parts.count == 1, parts[0].hasSuffix(".json") { self = .description(stream: String(parts[0].dropLast(5))) }
    if parts.count == 2, let sequence = Segment.sequence(ofName: parts[1]) {
      self = .segment(stream: parts[0], sequence: sequence)
    }
  }
}
