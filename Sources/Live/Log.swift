import Audio
import Glibc
import HLS

/// One line an event on standard error.
package struct Log: Sendable {
  package enum Level: Int, CaseIterable, Sendable {
    case error, warning, info, debug
  }

  /// What is less urgent than this is dropped.
  package let level: Level

  package init(level: Level) {
    self.level = level
  }

  package func error(_ message: @autoclosure () -> String) { write(.error, message) }
  package func warning(_ message: @autoclosure () -> String) { write(.warning, message) }
  package func info(_ message: @autoclosure () -> String) { write(.info, message) }
  package func debug(_ message: @autoclosure () -> String) { write(.debug, message) }

  private func write(_ level: Level, _ message: () -> String) {
    guard level.rawValue <= self.level.rawValue else { return }
    let time = WallTime(microseconds: Clock.wall()).text
    // A message may carry a file's name or a driver's words: whatever they hold, it stays one line.
    let text = message().map { $0.isNewline ? " " : $0 }
    var line = "\(time) \(level): \(String(text))\n"
    // One call, so that the lines of two threads don't mix; a log that can't be written stops nothing.
    _ = line.withUTF8 { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
