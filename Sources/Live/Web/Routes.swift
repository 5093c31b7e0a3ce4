import Codec
import HLS

/// The media of a stream.
enum Resource: Equatable {
  case playlist
  case lowLatencyPlaylist
  case segment(Int)
  case part(Int, index: Int)
  /// All segments, one after the other, without an end.
  case endless
}

/// Everything that has an address below the name of a stream.
enum StreamResource: Equatable {
  case media(Resource)
  /// `/NAME.json`.
  case description
  /// `/NAME/metadata`.
  case nowPlaying
}

/// The pages that are the operators' own.
enum OperatorPage: Equatable {
  case status
}

/// The program's own addresses for scripts.
enum APIResource: Equatable {
  case status
  case metrics
}

/// The meaning of a path: one table for all of them.
///
/// The program's own paths come first, then the files of the page that exist, then the streams. `StreamName` refuses the
/// names of the first two, and the station refuses a stream whose addresses a file of the page has taken. So no path has
/// two meanings. A route names a stream that may not exist: only the directory of streams knows.
enum Route: Equatable {
  case stream(StreamName, StreamResource)
  case operators(OperatorPage)
  case api(APIResource)
  /// A file of the page, or nothing.
  case page(String)

  /// - Parameters:
  ///   - path: percent-decoded; it begins with a slash.
  ///   - isFile: whether the page has a file of that path.
  init(_ path: String, isFile: (String) -> Bool) {
    self = Self.own[path] ?? (isFile(path) ? nil : Self.stream(path)) ?? .page(path)
  }

  private static let own: [String: Route] = [
    "/status": .api(.status), "/metrics": .api(.metrics), "/status.html": .operators(.status),
  ]

  /// The endings of a stream's addresses, the longer one first where one ends with another.
  private static let endings: [(text: String, resource: StreamResource)] = [
    ("-ll.m3u8", .media(.lowLatencyPlaylist)), (".m3u8", .media(.playlist)),
    (".\(AudioCodec.mp3.fileExtension)", .media(.endless)),
    (".json", .description),
  ]

  private static func stream(_ path: String) -> Route? {
    let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 1:
      guard let ending = endings.first(where: { parts[0].hasSuffix($0.text) }) else { return nil }
      return route(String(parts[0].dropLast(ending.text.count)), ending.resource)
    case 2:
      if parts[1] == "metadata" { return route(parts[0], .nowPlaying) }
      guard let name = SegmentName(parts[1], of: .mp3) else { return nil }
      return route(parts[0], .media(name.part.map { .part(name.sequence, index: $0) } ?? .segment(name.sequence)))
    default: return nil
    }
  }

  private static func route(_ name: String, _ resource: StreamResource) -> Route? {
    (try? StreamName(name)).map { .stream($0, resource) }
  }
}

extension StreamName {
  /// Whether a path is, or may become, an address of this stream.
  func claims(_ path: String) -> Bool {
    if path.hasPrefix("/\(text)/") { return true }
    if case .stream(self, _) = Route(path, isFile: { _ in false }) { return true }
    return false
  }
}
