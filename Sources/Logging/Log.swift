import Core
import System

/// The log: one line an event on standard error. The latest lines are kept.
package struct Log: Sendable {
  package enum Level: Int, CaseIterable, Sendable {
    case error, warning, info, debug
  }

  /// Less urgent events are dropped.
  package let level: Level
  /// The latest lines, without those of the debug level.
  package let tail = LogTail()
  private let format: LogFormat
  private let output = StandardError()
  /// Stands before each message.
  private var prefix = ""

  /// - Parameter choice: the form; `auto` depends on standard error.
  package init(level: Level, choice: LogFormat.Choice) {
    self.init(level: level, format: StandardError.format(choice))
  }

  package init(level: Level, format: LogFormat = .human(isColored: false)) {
    (self.level, self.format) = (level, format)
  }

  /// The same log for a part of the program, whose messages begin with the name of the part.
  package func prefixed(_ prefix: String) -> Log {
    var log = self
    log.prefix = self.prefix + prefix
    return log
  }

  package func error(_ message: @autoclosure () -> String) { write(.error, message) }
  package func warning(_ message: @autoclosure () -> String) { write(.warning, message) }
  package func info(_ message: @autoclosure () -> String) { write(.info, message) }
  package func debug(_ message: @autoclosure () -> String) { write(.debug, message) }

  /// The reason why the program ends; in the human form with the name of the program.
  package func fatal(_ message: String) {
    let entry = LogEntry(time: now, level: .error, message: message)
    output.write { _ in format.isHuman ? "ringcast: \(entry.message)\n" : format.line(entry) }
  }

  /// Shows a picture to a person at a terminal. Nobody else gets the picture, and it is no line of the log.
  /// - Parameter text: whole lines, at most 4096 bytes.
  package func show(_ text: String) {
    guard format.isHuman, StandardError.isTerminal, text.utf8.count <= 4096 else { return }
    output.write { _ in text }
  }

  private func write(_ level: Level, _ message: () -> String) {
    guard level.rawValue <= self.level.rawValue else { return }
    let entry = LogEntry(time: now, level: level, message: prefix + message())
    if level != .debug { tail.append(entry) }
    output.write { lost in
      guard lost > 0 else { return format.line(entry) }
      let gap = "log: nobody has read it, and \(lost) lines are lost"
      return format.line(LogEntry(time: entry.time, level: .warning, message: gap)) + format.line(entry)
    }
  }

  private var now: WallTime { WallTime(microseconds: Clock.wall()) }
}
