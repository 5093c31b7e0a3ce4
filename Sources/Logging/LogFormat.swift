import Core

/// The form of a line of the log.
package enum LogFormat: Equatable, Sendable {
  /// The forms to choose from.
  package enum Choice: String, CaseIterable, Sendable {
    case human, json, auto
  }

  case human(isColored: Bool)
  /// One JSON object a line (RFC 8259).
  case json
  /// With a priority, and without a time, because journald adds one (sd-daemon(3)).
  case journal

  /// - Parameter environment: the variables of the process. https://no-color.org: "when present and not an empty string (regardless of
  ///   its value), prevents the addition of ANSI color".
  init(_ choice: Choice, isTerminal: Bool, isJournal: Bool, environment: [String: String]) {
    switch choice {
    case .json: self = .json
    case .auto where isJournal: self = .journal
    case .auto, .human:
      self = .human(isColored: isTerminal && environment["NO_COLOR"] ?? "" == "" && environment["TERM"] != "dumb")
    }
  }

  var isHuman: Bool {
    if case .human = self { true } else { false }
  }

  func line(_ entry: LogEntry) -> String {
    switch self {
    case .human(isColored: false): "\(entry.time.text) \(entry.level): \(entry.message)\n"
    case .human(isColored: true):
      "\u{1B}[2m\(entry.time.text)\u{1B}[0m \u{1B}[\(entry.level.color)m\(entry.level):\u{1B}[0m \(entry.message)\n"
    case .json: "\(entry.json.text)\n"
    case .journal: "<\(entry.level.priority)>\(entry.message)\n"
    }
  }
}

extension Log.Level {
  /// ECMA-48 §8.3.117, Select Graphic Rendition.
  fileprivate var color: String {
    switch self {
    case .error: "1;31"
    case .warning: "33"
    case .info: "32"
    case .debug: "2"
    }
  }

  /// syslog(3).
  fileprivate var priority: Int {
    switch self {
    case .error: 3
    case .warning: 4
    case .info: 6
    case .debug: 7
    }
  }
}
