import Live

/// One long option: its line in `--help`, and how its value is checked and kept.
struct Flag: Sendable {
  enum Group: String, CaseIterable {
    case source = "Source"
    case encoding = "Encoding and segments"
    case server = "Server"
    case operators = "Operators"
    case rooms = "Rooms"
    case other = "Other"
  }

  /// Thrown for a value that the flag does not take.
  typealias Rule = InvalidInput.Rule

  /// The part of the settings that the flag changes.
  enum Effect: Sendable {
    case station(@Sendable (_ value: String, inout StationSettings) throws(Rule) -> Void)
    /// In a configuration file, the setting may stand in the section of a stream.
    case stream(@Sendable (_ value: String, inout StreamSettings) throws(Rule) -> Void)
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

  /// A flag of a stream; on the command line it holds for every stream.
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

  /// A flag of the command line only.
  static func command(_ name: String, _ group: Group, _ placeholder: String? = nil, _ help: String) -> Flag {
    Flag(name: name, group: group, placeholder: placeholder, help: help, effect: .command)
  }

  /// The value as messages may repeat it.
  func shown(_ value: String) -> String { isSecret ? "…" : value }

  static func named(_ name: String) -> Flag? { all.first { $0.name == name } }
}
