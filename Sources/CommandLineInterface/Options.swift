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
    let given = try GivenSettings(arguments)
    var file = SettingsFile()
    let path = given.all.last { $0.flag.name == "config" }?.value
    if let path {
      file = try SettingsFile(path: path, text: text(of: path, read))
    }
    var settings = try settings(of: file, and: given)
    if file.hasSecret { settings.configurationWithSecrets = path }

    for (name, action) in actions where given.all.contains(where: { $0.flag.name == name }) { return action }
    try settings.check()
    if let invite = try InviteCommand(given.all) { return .invite(invite, settings) }
    return given.all.contains { $0.flag.name == "check-config" } ? .check(settings) : .run(settings)
  }

  /// The answers to other requests than a run, the most urgent first.
  private static let actions: [(String, Options)] = [
    ("help", .help), ("version", .version), ("list-devices", .listDevices), ("manual", .manual),
    ("completion", .completion),
  ]

  /// The settings before the first section of the file hold for every stream. A section changes them for its own stream, or
  /// sets the rooms. The flags before the first `--stream` change them for every stream, and those behind it for that stream.
  /// Without a section and without `--stream` there is one stream, `live`.
  private static func settings(of file: SettingsFile, and given: GivenSettings) throws(InvalidInput) -> StationSettings
  {
    var station = StationSettings()
    station.spelling = InvalidInput.flag
    // An invite names no flag that switches the rooms on, because the station is not started.
    let isOn = (file.settings + given.settings).contains { ["rooms", "invite"].contains($0.flag.name) }
    if isOn || file.rooms != nil { station.rooms = RoomSettings() }
    var common = StreamSettings()
    for setting in file.settings + (file.rooms?.settings ?? []) { try setting.apply(to: &station, &common) }
    var streams: [StreamSettings] = []
    for section in file.streams { streams.append(try section.applied(to: common)) }
    for section in given.streams where !file.streams.contains(where: { $0.name == section.name }) {
      var stream = common
      stream.name = section.name
      streams.append(stream)
    }
    if streams.isEmpty { streams = [common] }
    for setting in given.settings {
      for index in streams.indices {
        // A setting of the station is applied as often as there are streams, which changes nothing.
        try setting.apply(to: &station, &streams[index])
      }
    }
    for section in given.streams {
      guard let index = streams.firstIndex(where: { $0.name == section.name }) else { continue }
      // A token of the command line takes the place of all tokens that the file has for the stream.
      if section.hasTokens { (streams[index].listenToken, streams[index].listenTokenFile) = (nil, nil) }
      streams[index] = try section.applied(to: streams[index])
    }
    station.streams = streams
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
