package import Live

/// The request of a command line. Pure: nothing is opened, printed or started here.
package enum Options: Sendable {
  case run(StationSettings)
  case help
  case version
  case listDevices
  /// The settings are valid. The files and addresses that they name are to be checked, and nothing is to be started.
  case check(StationSettings)
  /// An invite is to be printed, and nothing is to be started.
  case invite(InviteCommand, StationSettings)
  case manual
  case completion

  /// Reads the settings of the configuration file, if a flag names one, and then those of the flags: the last one wins.
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - read: the text of the configuration file, or the rule that the file breaks.
  package static func parse(
    _ arguments: [String], read: (_ path: String) throws(InvalidInput.Rule) -> String
  ) throws(InvalidInput) -> Options {
    let given = try Setting.list(arguments)
    var file = SettingsFile()
    let path = given.last { $0.flag.name == "config" }?.value
    if let path {
      file = try SettingsFile(path: path, text: text(of: path, read))
    }
    var settings = try settings(of: file, and: given)
    if file.settings.contains(where: { $0.flag.isSecret }) { settings.configurationWithSecrets = path }

    for (name, action) in actions where given.contains(where: { $0.flag.name == name }) { return action }
    try settings.check()
    if let invite = try InviteCommand(given) { return .invite(invite, settings) }
    return given.contains { $0.flag.name == "check-config" } ? .check(settings) : .run(settings)
  }

  /// The answers to other requests than a run, the most urgent first.
  private static let actions: [(String, Options)] = [
    ("help", .help), ("version", .version), ("list-devices", .listDevices), ("manual", .manual),
    ("completion", .completion),
  ]

  /// The settings before the first section of the file hold for every stream. A section changes them for its own stream, or
  /// sets the rooms.
  /// The command line changes them for every stream. Without a section there is one stream, `live`.
  private static func settings(of file: SettingsFile, and given: [Setting]) throws(InvalidInput) -> StationSettings {
    var station = StationSettings()
    station.spelling = InvalidInput.flag
    // An invite names no flag that switches the rooms on, because the station is not started.
    let isOn = (file.settings + given).contains { ["rooms", "invite"].contains($0.flag.name) } || file.rooms != nil
    if isOn { station.rooms = RoomSettings() }
    var stream = StreamSettings()
    for setting in file.settings + (file.rooms?.settings ?? []) { try setting.apply(to: &station, &stream) }
    station.streams = file.streams.isEmpty ? [stream] : []
    for section in file.streams {
      stream.name = section.name
      station.streams.append(try section.applied(to: stream))
    }
    for setting in given {
      for index in station.streams.indices {
        // A setting of the station is applied as often as there are streams, which changes nothing.
        var stream = station.streams[index]
        try setting.apply(to: &station, &stream)
        station.streams[index] = stream
      }
    }
    return station
  }

  private static func text(
    of path: String, _ read: (_ path: String) throws(InvalidInput.Rule) -> String
  ) throws(InvalidInput) -> String {
    do {
      return try read(Flag.path(path))
    } catch {
      throw InvalidInput("--config", path, error.text)
    }
  }
}

extension InvalidInput {
  /// A setting's name on the command line.
  static let flag: SettingSpelling = { "--\($0.rawValue)" }

  /// The message with the names that the command line has.
  package var asTyped: String { text(Self.flag) }
}
