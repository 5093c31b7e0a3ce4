import Audio
import Core
import HTTP

/// A source client, as its request describes it.
struct SourceClient: Equatable, Sendable {
  /// The format that the media type and the path name.
  enum Format: Equatable {
    case taken(EncodedFormat)
    /// - Parameter type: the media type, for the log.
    case refused(type: String)
  }

  /// The formats that are taken, as answers and log lines name them.
  static let formats = "MP3 (audio/mpeg), Ogg Vorbis, Ogg Opus and Ogg FLAC (application/ogg) and FLAC (audio/flac)"
  /// The most bytes of a header field that counts.
  private static let longestField = 1024
  /// The most characters of a text that is shown.
  private static let longestShown = 100

  let user: String
  let address: String
  /// The program, as `User-Agent` names it; empty where there is none.
  let program: String
  /// The name that the client gives to its sound, by `Ice-Name` or `icy-name`; empty where there is none.
  let name: String
  let format: EncodedFormat
  let since: WallTime

  init(_ request: Request, user: String, format: EncodedFormat, at now: WallTime) {
    (self.user, self.format, since) = (Self.shown(user), format, now)
    address = request.from
    program = Self.shown(request.header("User-Agent") ?? "")
    name = Self.shown(request.header("Ice-Name") ?? request.header("icy-name") ?? "")
  }

  /// An upload that an operator puts on the air.
  init(upload title: String, format: EncodedFormat, at now: WallTime) {
    (user, address, program, name) = ("upload", "this station", "ringcast", Self.shown(title))
    (self.format, since) = (format, now)
  }

  /// As `/status` has it.
  var json: JSON {
    .object([
      ("user", .string(user)), ("address", .string(address)), ("program", .string(program)), ("name", .string(name)),
      ("format", .string(format.rawValue)), ("since", .string(since.text)),
    ])
  }

  /// The first header field of the client that is too long or has a control character; nil where there is none.
  static func invalidField(of request: Request) -> String? {
    fields.first { name in
      guard let value = request.header(name) else { return false }
      return value.utf8.count > longestField || value.unicodeScalars.contains(where: isControl)
    }
  }

  private static let fields =
    ["User-Agent", "Content-Type"]
    + ["Name", "Description", "Genre", "URL", "Bitrate", "Public"].flatMap { ["Ice-\($0)", "icy-\($0)"] }
    + ["Ice-Audio-Info"]

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  private static func shown(_ text: String) -> String {
    String(
      String(
        String.UnicodeScalarView(
          text.unicodeScalars.filter { !isControl($0) && $0.properties.generalCategory != .format })
      ).prefix(longestShown))
  }
}

extension SourceClient.Format {
  /// The format that a request declares. A client without a media type sends MP3, as Icecast takes it, unless the path
  /// has another ending.
  init(_ request: Request, ending: String?) {
    let field = request.header("Content-Type")
    let type = (field?.prefix { $0 != ";" && !$0.isWhitespace }).map { $0.lowercased() } ?? ""
    switch type {
    case "":
      switch ending {
      case "ogg", "oga", "opus": self = .taken(.ogg)
      case "flac": self = .taken(.flac)
      default: self = .taken(.mp3)
      }
    default: self = EncodedFormat(mediaType: type).map { .taken($0) } ?? .refused(type: String(type.prefix(60)))
    }
  }
}

extension EncodedFormat {
  /// - Parameter type: in lower case, without parameters.
  /// - Returns: nil for the type of another format.
  init?(mediaType type: String) {
    switch type {
    case "audio/mpeg", "audio/mp3", "audio/mpeg3", "audio/x-mpeg", "audio/x-mp3": self = .mp3
    case "application/ogg", "audio/ogg", "audio/x-ogg", "application/x-ogg", "audio/vorbis", "audio/opus", "audio/oga",
      "video/ogg":
      self = .ogg
    case "audio/flac", "audio/x-flac", "application/flac", "application/x-flac": self = .flac
    default: return nil
    }
  }
}
