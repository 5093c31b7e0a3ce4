/// The meaning of a path of the studio, the page for a person who broadcasts.
enum StudioPath: Equatable {
  /// `/studio` or `/studio/`, and `/studio/NAME` for one stream.
  case page
  /// `/studio.json`, the streams that the visitor may broadcast on.
  case streams

  /// Nil for a path that is none of these; a file of the page may have it.
  init?(_ path: String) {
    switch path {
    case "/studio", "/studio/": self = .page
    case "/studio.json": self = .streams
    default:
      guard path.hasPrefix(Self.folder), StreamName(valid: String(path.dropFirst(Self.folder.count))) != nil else {
        return nil
      }
      self = .page
    }
  }

  /// Whether a path is one of the studio or of its files. Such a path means nothing where the station has no rooms.
  static func contains(_ path: String) -> Bool { Self(path) != nil || path.hasPrefix(folder) }

  private static let folder = "/studio/"
}
