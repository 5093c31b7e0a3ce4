import Core
import Live

/// The settings of a configuration file: `name = value` a line, or the name alone of a flag that takes no value. The value
/// may stand in quotation marks. A line that begins with # is a comment. `[stream NAME]` begins the settings of a stream, and
/// `[rooms]` those of the rooms, up to the next section or the file's end.
struct SettingsFile {
  /// The settings of the rooms.
  struct RoomsSection {
    /// The section's own line.
    let place: String
    var settings: [Setting] = []
  }

  /// The settings before the first section.
  private(set) var settings: [Setting] = []
  private(set) var streams: [StreamSection] = []
  /// Nil where the file has no section of the rooms.
  private(set) var rooms: RoomsSection?
  /// Whether a setting of the file is a secret.
  var hasSecret: Bool { (settings + streams.flatMap(\.settings)).contains { $0.flag.isSecret } }
  /// The section of the line that is read.
  private var section = Section.none

  private enum Section {
    case none, stream, rooms
  }

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
      if line.isEmpty || line.begins(with: "#") { continue }
      if line.begins(with: "[") {
        try beginSection(String(line), at: place)
      } else {
        try add(line, at: place)
      }
    }
  }

  private mutating func beginSection(_ line: String, at place: String) throws(InvalidInput) {
    let words = line.dropFirst().dropLast().split(whereSeparator: \.isWhitespace).map(String.init)
    if line.hasSuffix("]"), words == ["rooms"] { return try beginRooms(at: place) }
    guard line.hasSuffix("]"), words.count == 2, words[0] == "stream" else {
      throw InvalidInput(
        SettingText(line), nil, "there is no such section; a section is [stream NAME] or [rooms]", at: place)
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
    section = .stream
  }

  private mutating func beginRooms(at place: String) throws(InvalidInput) {
    if let rooms {
      throw InvalidInput(
        "[rooms]", nil, "the file must have this section once, and has it at \(rooms.place)", at: place)
    }
    rooms = RoomsSection(place: place)
    section = .rooms
  }

  private mutating func add(_ line: Substring, at place: String) throws(InvalidInput) {
    let setting = try Self.setting(line, at: place)
    switch (section, setting.flag.effect) {
    case (.none, _): settings.append(setting)
    case (.stream, .stream), (.stream, .shared): streams[streams.count - 1].settings.append(setting.ofStream)
    case (.rooms, .rooms): rooms?.settings.append(setting)
    // The section switches the rooms on without this line.
    case (.rooms, _) where setting.flag.name == "rooms": break
    case (_, .rooms):
      throw misplaced(setting, "it is a setting of the rooms, and must stand in [rooms] or before the first section")
    case (.rooms, .stream), (.rooms, .shared):
      throw misplaced(
        setting, "it is a setting of a stream, and must stand in [stream NAME] or before the first section")
    default:
      throw misplaced(setting, "it is a setting of the whole station, and must stand before the first section")
    }
  }

  private func misplaced(_ setting: Setting, _ rule: SettingText) -> InvalidInput {
    InvalidInput(SettingText(setting.name), nil, rule, at: setting.place)
  }

  private static func setting(_ line: Substring, at place: String) throws(InvalidInput) -> Setting {
    let parts = line.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false).map {
      Substring($0).trimmed
    }
    let name = String(parts[0])
    var value = parts.count == 2 ? String(parts[1]) : nil
    func invalid(_ name: some StringProtocol, _ rule: SettingText) -> InvalidInput {
      InvalidInput(SettingText(String(name)), nil, rule, at: place)
    }
    guard let flag = Flag.named(name) else {
      throw invalid(name, "there is no such option\(Setting.suggestion(for: name, ""))")
    }
    if flag.name == "stream" { throw invalid(name, "a line [stream NAME] begins a stream") }
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
