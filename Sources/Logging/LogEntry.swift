package import Core

/// An event in the log.
package struct LogEntry: Sendable {
  /// The most characters of a message. A pipe takes 4096 bytes completely or not at all (pipe(7)); a character may take four
  /// bytes, and the rest of the line needs some.
  private static let longest = 800

  package let time: WallTime
  package let level: Log.Level
  package let message: String

  /// - Parameter message: may contain the name of a file or the text of a driver. It is cut to a bounded length, and line
  ///   ends and control characters become spaces.
  init(time: WallTime, level: Log.Level, message: String) {
    self.time = time
    self.level = level
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
