import Live

/// A flag that was given, on the command line or in a configuration file, with its value.
struct Setting {
  let flag: Flag
  let value: String
  /// The name as it was written: with dashes on the command line.
  let name: String
  /// The line of the configuration file, or the `--stream` before the flag; nil before the first `--stream`.
  var place: String?
  /// Whether the setting stands in the section of a stream, or behind `--stream`.
  var isOfStream = false

  /// Whether the setting may stand in the section of a stream.
  var fitsStream: Bool {
    switch flag.effect {
    case .stream, .shared: true
    case .station, .rooms, .command: false
    }
  }

  /// The same setting in the section of a stream.
  var ofStream: Setting {
    var setting = self
    setting.isOfStream = true
    return setting
  }

  /// Changes the station, or the stream, or neither.
  func apply(to station: inout StationSettings, _ stream: inout StreamSettings) throws(InvalidInput) {
    do throws(InvalidInput.Rule) {
      switch flag.effect {
      case .station(let apply): try apply(value, &station)
      case .stream(let apply): try apply(value, &stream)
      case .shared(let applyToStation, let applyToStream):
        if isOfStream { try applyToStream(value, &stream) } else { try applyToStation(value, &station) }
      case .rooms(let apply):
        guard var rooms = station.rooms else { throw InvalidInput.Rule(RoomSettings.needed) }
        try apply(value, &rooms)
        station.rooms = rooms
      case .command: break
      }
    } catch {
      let shown = flag.placeholder == nil ? nil : flag.shown(value)
      throw InvalidInput(SettingText(name), shown, error.text, at: place)
    }
  }

  /// Reads `--name value` and `--name=value`.
  static func list(_ arguments: [String]) throws(InvalidInput) -> [Setting] {
    var settings: [Setting] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--"), argument != "--" else {
        throw InvalidInput(SettingText(argument), nil, "unexpected; every option begins with --, see --help")
      }
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = SettingText("--\(String(parts[0]))")
      guard let flag = Flag.named(String(parts[0])) else {
        throw InvalidInput(name, nil, "there is no such option\(suggestion(for: String(parts[0]), "--")); see --help")
      }
      var value = parts.count == 2 ? String(parts[1]) : nil
      if flag.placeholder == nil, value != nil { throw InvalidInput(SettingText(argument), nil, "it takes no value") }
      if let placeholder = flag.placeholder, value == nil {
        value = rest.popFirst()
        guard value != nil else { throw InvalidInput(name, nil, "it needs a value, \(placeholder)") }
      }
      settings.append(Setting(flag: flag, value: value ?? "", name: "--\(flag.name)"))
    }
    return settings
  }

  /// The end of a message about an unknown name: the flag that differs least, where one is close.
  static func suggestion(for name: String, _ prefix: String) -> String {
    // A person may leave out the first word in the section of the rooms.
    if Flag.named("room-\(name)") != nil { return " (did you mean \(prefix)room-\(name)?)" }
    let close = Flag.all.map { ($0.name, editDistance(Array($0.name.utf8), Array(name.utf8))) }
    guard let best = close.min(by: { $0.1 < $1.1 }), best.1 <= 2 else { return "" }
    return " (did you mean \(prefix)\(best.0)?)"
  }

  private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        (diagonal, row[j + 1]) = (row[j + 1], min(diagonal + (a == b ? 0 : 1), row[j] + 1, row[j + 1] + 1))
      }
    }
    return row[right.count]
  }
}
