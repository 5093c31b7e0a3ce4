package import Live

/// What the command line asks for. Pure: nothing is opened, printed or started here.
package enum Options: Sendable {
  case run(Configuration)
  case help
  case version
  case listDevices
  /// The configuration is right: nothing else was asked for.
  case checked
  case manual
  case completion

  /// A setting that breaks a rule: its name, its value and the rule, in one line.
  package struct Mistake: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
      self.description = description
    }
  }

  /// Reads what is set, first by the configuration file, if one is named, and then by the flags: the last one wins.
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - read: the text of the configuration file.
  package static func parse(
    _ arguments: [String], read: (_ path: String) throws -> String
  ) throws(Mistake) -> Options {
    let given = try Setting.list(arguments)
    var settings = given
    if let path = given.last(where: { $0.flag.name == "config" })?.value {
      settings = try Setting.list(file: path, text: text(of: path, read)) + given
    }
    var configuration = Configuration()
    for setting in settings { try setting.apply(to: &configuration) }

    for (name, action) in actions where given.contains(where: { $0.flag.name == name }) { return action }
    do {
      try configuration.check()
    } catch {
      throw Mistake(error.description)
    }
    return given.contains { $0.flag.name == "check-config" } ? .checked : .run(configuration)
  }

  /// What is asked for instead of a run, the first of them before the others.
  private static let actions: [(String, Options)] = [
    ("help", .help), ("version", .version), ("list-devices", .listDevices), ("manual", .manual),
    ("completion", .completion),
  ]

  private static func text(
    of path: String, _ read: (_ path: String) throws -> String
  ) throws(Mistake) -> String {
    do {
      return try read(path)
    } catch {
      throw Mistake("--config \(error)")
    }
  }
}
