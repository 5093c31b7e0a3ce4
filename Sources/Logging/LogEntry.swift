package import Core

/// An event, as the log tells it.
package struct LogEntry: Sendable {
  /// A pipe takes 4096 bytes whole or not at all (pipe(7)): each of these may take four, and some are needed for the rest.
  private static let longest = 800

  package let time: WallTime
  package let level: Log.Level
  package let message: String

  /// - Parameter message: it may carry a file's name or a driver's words: whatever they hold, it becomes one line of
  ///   bounded length, and nothing that a terminal obeys.
  init(time: WallTime, level: Log.Level, message: String) {
    (self.time, self.level) = (time, level)
    var scalars = String.UnicodeScalarView()
    for scalar in message.unicodeScalars.prefix(Self.longest) {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: scalars.append(" ")
      default: scalars.append(scalar)
      }
    }
    self.message = String(scalars)
  }

  package var json: JSON {
    .object([("time", .string(time.text)), ("level", .string("\(level)")), ("message", .string(message))])
  }
}
