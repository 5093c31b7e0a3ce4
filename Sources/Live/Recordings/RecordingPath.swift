import Recordings

/// The meaning of a path of the recordings.
enum RecordingPath: Equatable {
  /// `/recordings`, which leads to the page.
  case redirect
  /// `/recordings/`
  case page
  /// `/recordings.json`
  case list
  /// `/recordings/all.json`, the list for operators: with the hidden recordings.
  case operatorList
  /// `/recordings/NAME.rss`, the podcast feed of a stream.
  case feed(StreamName)
  /// `/recordings/FILE`. The name follows the rules of a recording's name; whether there is such a recording is open.
  case file(RecordingName)
  /// `/recordings/ID.peaks`, from which a page draws a waveform.
  case peaks(RecordingName)
  /// `/recordings/ID/clip.mp3`
  case clip(RecordingName)
  /// `/recordings/NAME/start`, `/stop` and `/mark`, for operators.
  case control(StreamName, Control)

  enum Control: String {
    case start, stop, mark
  }

  /// Nil for a path that is none of these; a file of the page may have it.
  init?(_ path: String) {
    switch path {
    case "/recordings": self = .redirect
    case Self.folder: self = .page
    case "/recordings.json": self = .list
    case "/recordings/all.json": self = .operatorList
    default:
      guard path.hasPrefix(Self.folder) else { return nil }
      let rest = path.dropFirst(Self.folder.count)
      let parts = rest.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
      if let name = RecordingName(String(rest)) {
        self = .file(name)
      } else if let name = Self.name(rest, before: ".peaks") {
        self = .peaks(name)
      } else if let name = Self.name(rest, before: "/clip.mp3") {
        self = .clip(name)
      } else if rest.hasSuffix(".rss"), let stream = StreamName(valid: String(rest.dropLast(4))) {
        self = .feed(stream)
      } else if parts.count == 2, let stream = StreamName(valid: parts[0]), let control = Control(rawValue: parts[1]) {
        self = .control(stream, control)
      } else {
        return nil
      }
    }
  }

  /// Whether a path is below `/recordings`. Such a path means nothing where no stream is recorded.
  static func contains(_ path: String) -> Bool { Self(path) != nil || path.hasPrefix(folder) }

  private static func name(_ rest: Substring, before ending: String) -> RecordingName? {
    rest.hasSuffix(ending) ? RecordingName(rest.dropLast(ending.count) + RecordingName.ending) : nil
  }

  /// The recording that the path names.
  var recording: RecordingName? {
    switch self {
    case .file(let name), .peaks(let name), .clip(let name): name
    default: nil
    }
  }

  /// Whether nobody but operators may read the answers.
  var isOfOperators: Bool {
    switch self {
    case .control, .operatorList: true
    default: false
    }
  }

  private static let folder = "/recordings/"
}
