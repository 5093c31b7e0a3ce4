import Core
import Live

/// The settings of a configuration file: `name = value` a line, or the name alone of a flag that takes no value. The value
/// may stand in quotation marks. A line that begins with # is a comment. `[stream NAME]` begins the settings of a stream, up
/// to the next section or the file's end.
struct SettingsFile {
  /// The settings of one stream.
  struct StreamSection {
    let name: StreamName
    /// The section's own line, as in `ringcast.conf:7`.
    let place: String
    var settings: [Setting] = []

    func applied(to stream: StreamSettings) throws(InvalidInput) -> StreamSettings {
      var unchanged = StationSettings()
      var stream = stream
      for setting in settings { try setting.apply(to: &unchanged, &stream) }
      return stream
    }
  }

  /// The settings before the first section.
  private(set) var settings: [Setting] = []
  private(set) var streams: [StreamSection] = []

  /// A file without a setting.
  init() {}

  /// - Parameter path: the file's name in messages.
  init(path: String, text: String) throws(InvalidInput) {
    let lines: [Substring]
    do {
      lines = try TextLines.of(text)
    } catch {
      throw InvalidInput(SettingText(error.character), nil, SettingText(error.rule), at: "\(path):\(error.line)")
    }
    for (number, line) in zip(1..., lines) {
      let (line, place) = (line.trimmed, "\(path):\(number)")
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("[") {
        try beginSection(String(line), at: place)
      } else {
        try add(line, at: place)
      }
    }
  }

  private mutating func beginSection(_ line: String, at place: String) throws(InvalidInput) {
    let words = line.dropFirst().dropLast().split(whereSeparator: \.isWhitespace).map(String.init)
    guard line.hasSuffix("]"), words.count == 2, words[0] == "stream" else {
      throw InvalidInput(SettingText(line), nil, "there is no such section; a section is [stream NAME]", at: place)
    }
    let name: StreamName
    do {
      name = try StreamName(words[1])
    } catch {
      throw error.within(place)
    }
    if let other = streams.first(where: { $0.name == name }) {
      throw InvalidInput("stream", name.text, "its name must be its own, and is taken at \(other.place)", at: place)
    }
    streams.append(StreamSection(name: name, place: place))
  }

  private mutating func add(_ line: Substring, at place: String) throws(InvalidInput) {
    let setting = try Self.setting(line, at: place)
    guard !streams.isEmpty else { return settings.append(setting) }
    guard case .stream = setting.flag.effect else {
      throw InvalidInput(
        SettingText(setting.name), nil,
        "it is a setting of the whole station, and must stand before the first section", at: place)
    }
    streams[streams.count - 1].settings.append(setting)
  }

  private static func setting(_ line: Substring, at place: String) throws(InvalidInput) -> Setting {
    let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
    let name = String(parts[0])
    var value = parts.count == 2 ? String(parts[1]) : nil
    func invalid(_ name: some StringProtocol, _ rule: SettingText) -> InvalidInput {
      InvalidInput(SettingText(String(name)), nil, rule, at: place)
    }
    guard let flag = Flag.named(name) else {
      throw invalid(name, "there is no such option\(Setting.suggestion(for: name, ""))")
    }
    if case .command = flag.effect { throw invalid(name, "it belongs on the command line") }
    if flag.placeholder == nil, value != nil { throw invalid(line, "it takes no value") }
    if let placeholder = flag.placeholder, value == nil {
      throw invalid(name, "it needs a value, \(name) = \(placeholder)")
    }
    // Other programs' configuration files have values in quotation marks.
    if let mark = value?.first, mark == "\"" || mark == "'" {
      guard let quoted = value, quoted.count > 1, quoted.last == mark else {
        throw invalid(name, "its value must end with the quotation mark with which the value begins")
      }
      value = String(quoted.dropFirst().dropLast())
    }
    return Setting(flag: flag, value: value ?? "", name: name, place: place)
  }
}

extension Substring {
  /// Without white space at both ends.
  fileprivate var trimmed: Substring {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
