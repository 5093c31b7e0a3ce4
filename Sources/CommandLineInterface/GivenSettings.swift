import Live

/// The settings of a command line. `--stream NAME` begins the settings of a stream, up to the next `--stream`.
struct GivenSettings {
  /// In the order of the command line, with those of the streams.
  let all: [Setting]
  /// The settings before the first `--stream`, and those that belong to no stream.
  private(set) var settings: [Setting] = []
  private(set) var streams: [StreamSection] = []

  /// - Parameter arguments: without the program's name.
  init(_ arguments: [String]) throws(InvalidInput) {
    all = try Setting.list(arguments)
    for setting in all {
      if setting.flag.name == "stream" {
        try begin(setting)
      } else if streams.isEmpty {
        settings.append(setting)
      } else if setting.fitsStream {
        var setting = setting.ofStream
        setting.place = streams[streams.count - 1].place
        streams[streams.count - 1].settings.append(setting)
      } else if case .command = setting.flag.effect {
        settings.append(setting)
      } else {
        throw InvalidInput(
          SettingText(setting.name), nil,
          "it is a setting of the whole station, and must stand before the first --stream")
      }
    }
  }

  private mutating func begin(_ setting: Setting) throws(InvalidInput) {
    let name: StreamName
    do {
      name = try StreamName(setting.value)
    } catch {
      throw InvalidInput("--stream", setting.value, SettingText(error.rule.text.text(InvalidInput.flag)))
    }
    if streams.contains(where: { $0.name == name }) {
      throw InvalidInput("--stream", name.text, "its name must be its own, and another --stream has it")
    }
    streams.append(StreamSection(name: name, place: "--stream \(name)"))
  }
}
