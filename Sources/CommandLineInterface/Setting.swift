import Live

/// A flag that was given, on the command line or in a file, with its value.
struct Setting {
  let flag: Flag
  let value: String
  /// How messages name it.
  let label: String

  func apply(to configuration: inout Configuration) throws(Options.Mistake) {
    do {
      try flag.apply?(value, &configuration)
    } catch {
      throw Options.Mistake("\(label): \(error.text)")
    }
  }

  /// Reads `--name value` and `--name=value`.
  static func list(_ arguments: [String]) throws(Options.Mistake) -> [Setting] {
    var settings: [Setting] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--"), argument != "--" else {
        throw Options.Mistake("\(argument): unexpected; every option begins with --, see --help")
      }
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let flag = Flag.named(name) else {
        throw Options.Mistake("--\(name): there is no such option\(suggestion(for: name, "--")); see --help")
      }
      var value = parts.count == 2 ? String(parts[1]) : nil
      if flag.placeholder == nil, let value { throw Options.Mistake("--\(name)=\(value): it takes no value") }
      if let placeholder = flag.placeholder, value == nil {
        value = rest.popFirst()
        guard value != nil else { throw Options.Mistake("--\(name): it needs a value, \(placeholder)") }
      }
      settings.append(Setting(flag: flag, value: value ?? "", label: "--\(name) \(flag.shown(value ?? ""))"))
    }
    return settings
  }

  /// Reads a configuration file: `name = value` a line, or the name alone of a flag that takes none; what follows a # at
  /// a line's beginning is a comment.
  static func list(file path: String, text: String) throws(Options.Mistake) -> [Setting] {
    var settings: [Setting] = []
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let line = line.trimmed
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
      let (place, name, value) = ("\(path):\(number)", String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
      guard let flag = Flag.named(name) else {
        throw Options.Mistake("\(place): \(name): there is no such option\(suggestion(for: name, ""))")
      }
      guard flag.apply != nil else {
        throw Options.Mistake("\(place): \(name): it belongs on the command line")
      }
      if flag.placeholder == nil, value != nil { throw Options.Mistake("\(place): \(line): it takes no value") }
      if let placeholder = flag.placeholder, value == nil {
        throw Options.Mistake("\(place): \(name): it needs a value, \(name) = \(placeholder)")
      }
      settings.append(Setting(flag: flag, value: value ?? "", label: "\(place): \(name) \(flag.shown(value ?? ""))"))
    }
    return settings
  }

  /// The flag that differs least, where one is close.
  private static func suggestion(for name: String, _ prefix: String) -> String {
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

extension Substring {
  /// Without white space at both ends.
  fileprivate var trimmed: Substring {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
