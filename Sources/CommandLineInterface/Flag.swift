import Live

/// One long option: its line in `--help`, and how its value is checked and kept.
struct Flag: Sendable {
  enum Group: String, CaseIterable {
    case station = "Station and streams"
    case source = "Source"
    case encoding = "Encoding and segments"
    case server = "Server"
    case operators = "Operators"
    case recordings = "Recordings"
    case rooms = "Rooms"
    case other = "Other"
  }

  /// Thrown for a value that the flag does not take.
  typealias Rule = InvalidInput.Rule

  /// The part of the settings that the flag changes.
  enum Effect: Sendable {
    case station(@Sendable (_ value: String, inout StationSettings) throws(Rule) -> Void)
    /// The setting may stand in the section of a stream, and behind `--stream`.
    case stream(@Sendable (_ value: String, inout StreamSettings) throws(Rule) -> Void)
    /// A setting of the station, which each stream may have for itself.
    case shared(
      station: @Sendable (_ value: String, inout StationSettings) throws(Rule) -> Void,
      stream: @Sendable (_ value: String, inout StreamSettings) throws(Rule) -> Void)
    /// In a configuration file, the setting may stand in the section of the rooms.
    case rooms(@Sendable (_ value: String, inout RoomSettings) throws(Rule) -> Void)
    /// No setting: the flag names a file, or asks for something else than a run.
    case command
  }

  let name: String
  let group: Group
  /// Stands for the value in `--help`; nil where the flag takes none.
  let placeholder: String?
  let help: String
  /// Whether a message must not repeat the value.
  var isSecret = false
  let effect: Effect

  /// A flag of the whole station.
  static func station(
    _ name: String, _ group: Group, _ placeholder: String? = nil, _ help: String, isSecret: Bool = false,
    apply: @escaping @Sendable (_ value: String, inout StationSettings) throws(Rule) -> Void
  ) -> Flag {
    Flag(
      name: name, group: group, placeholder: placeholder, help: help, isSecret: isSecret, effect: .station(apply))
  }

  /// A flag of a stream; before the first section and before the first `--stream` it holds for every stream.
  static func stream(
    _ name: String, _ group: Group, _ placeholder: String? = nil, _ help: String,
    apply: @escaping @Sendable (_ value: String, inout StreamSettings) throws(Rule) -> Void
  ) -> Flag {
    Flag(name: name, group: group, placeholder: placeholder, help: help, effect: .stream(apply))
  }

  /// A flag of the rooms.
  static func rooms(
    _ name: String, _ placeholder: String? = nil, _ help: String,
    apply: @escaping @Sendable (_ value: String, inout RoomSettings) throws(Rule) -> Void
  ) -> Flag {
    Flag(name: name, group: .rooms, placeholder: placeholder, help: help, effect: .rooms(apply))
  }

  /// A flag of the station, which each stream may have for itself.
  static func shared(
    _ name: String, _ group: Group, _ placeholder: String? = nil, _ help: String, isSecret: Bool = false,
    station: @escaping @Sendable (_ value: String, inout StationSettings) throws(Rule) -> Void,
    stream: @escaping @Sendable (_ value: String, inout StreamSettings) throws(Rule) -> Void
  ) -> Flag {
    Flag(
      name: name, group: group, placeholder: placeholder, help: help, isSecret: isSecret,
      effect: .shared(station: station, stream: stream))
  }

  /// A flag of the command line only.
  static func command(_ name: String, _ group: Group, _ placeholder: String? = nil, _ help: String) -> Flag {
    Flag(name: name, group: group, placeholder: placeholder, help: help, effect: .command)
  }

  /// The value as messages may repeat it.
  func shown(_ value: String) -> String { isSecret ? "…" : Self.withoutSecrets(value) }

  /// The value without the user, the password and the query of a URL.
  private static func withoutSecrets(_ value: String) -> String {
    let bytes = value.utf8
    let colon = UInt8(ascii: ":")
    guard let scheme = bytes.indices.first(where: { bytes[$0] == colon && bytes[$0...].starts(with: "://".utf8) })
    else { return value }
    let start = bytes.index(scheme, offsetBy: 3)
    let place = bytes[start...].prefix { $0 != UInt8(ascii: "?") }
    let authority = place.prefix { $0 != UInt8(ascii: "/") }
    let hasUser = authority.lastIndex(of: UInt8(ascii: "@"))
    let shown = hasUser.map { "…\(Substring(place[$0...]))" } ?? String(Substring(place))
    return "\(Substring(bytes[..<start]))\(shown)\(place.endIndex < bytes.endIndex ? "?…" : "")"
  }

  static func named(_ name: String) -> Flag? { all.first { $0.name == name } }
}
