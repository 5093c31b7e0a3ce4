import Live

/// What the command line asks for. Pure: nothing is opened, printed or started here.
enum Options: Sendable {
  case run(Configuration)
  case help
  case version
  case listDevices

  /// A command line that breaks a rule: the flag, its value and the rule, in one line.
  struct Mistake: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  /// Reads `--name value` and `--name=value`; the last of two wins, as in a shell's aliases.
  /// - Parameter arguments: without the program's name.
  static func parse(_ arguments: [String]) throws(Mistake) -> Options {
    var configuration = Configuration()
    var action: Options?
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--"), argument != "--" else {
        throw Mistake(description: "\(argument): unexpected; every option begins with --, see --help")
      }
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let flag = Flag.all.first(where: { $0.name == name }) else {
        throw Mistake(description: "--\(name): there is no such option\(suggestion(for: name)); see --help")
      }
      var value = parts.count == 2 ? String(parts[1]) : nil
      if flag.placeholder == nil, let value {
        throw Mistake(description: "--\(name)=\(value): it takes no value")
      }
      if let placeholder = flag.placeholder, value == nil {
        value = rest.popFirst()
        guard value != nil else { throw Mistake(description: "--\(name): it needs a value, \(placeholder)") }
      }
      do {
        try flag.apply(value ?? "", &configuration)
      } catch {
        throw Mistake(description: "--\(name) \(flag.isSecret ? "…" : value ?? ""): \(error.text)")
      }
      switch name {
      case "help": action = .help
      case "version": action = action ?? .version
      case "list-devices": action = action ?? .listDevices
      default: break
      }
    }
    if let action { return action }
    do {
      try configuration.check()
    } catch {
      throw Mistake(description: error.description)
    }
    return .run(configuration)
  }

  /// The flag that differs least, where one is close.
  private static func suggestion(for name: String) -> String {
    let close = Flag.all.map { ($0.name, editDistance(Array($0.name.utf8), Array(name.utf8))) }
    guard let best = close.min(by: { $0.1 < $1.1 }), best.1 <= 2 else { return "" }
    return " (did you mean --\(best.0)?)"
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
