import Core
import Testing

@testable import Logging

@Suite struct LogFormatTests {
  private let time = WallTime("2026-11-21T20:00:00.123Z")!

  private func line(_ format: LogFormat, _ level: Log.Level, _ message: String) -> String {
    format.line(LogEntry(time: time, level: level, message: message))
  }

  @Test func `humans read a time, how urgent it is, and what it is`() {
    #expect(line(.human(isColored: false), .warning, "disk: slow") == "2026-11-21T20:00:00.123Z warning: disk: slow\n")
    #expect(
      line(.human(isColored: true), .error, "disk: gone")
        == "\u{1B}[2m2026-11-21T20:00:00.123Z\u{1B}[0m \u{1B}[1;31merror:\u{1B}[0m disk: gone\n")
  }

  @Test func `programs read an object`() {
    #expect(
      line(.json, .info, #"a "word" and a \"#)
        == #"{"time":"2026-11-21T20:00:00.123Z","level":"info","message":"a \"word\" and a \\"}"# + "\n")
  }

  @Test(arguments: [(Log.Level.error, "<3>x\n"), (.warning, "<4>x\n"), (.info, "<6>x\n"), (.debug, "<7>x\n")])
  func `journald reads a priority`(level: Log.Level, text: String) {
    #expect(line(.journal, level, "x") == text)
  }

  @Test(arguments: [LogFormat.human(isColored: false), .json, .journal])
  func `whatever a message holds, it is one line without control characters, and no longer than a pipe takes whole`(
    format: LogFormat
  ) {
    let bytes = (0...255).map { UInt8($0) } + Array("\r\n\u{85}\u{2028}\u{2029}\u{1B}[31m".utf8)
    let long = String(repeating: "\u{1F3B5}", count: 5000)
    for message in [String(decoding: bytes, as: UTF8.self), long] {
      let text = line(format, .info, message)
      #expect(text.count(where: \.isNewline) == 1 && text.last == "\n")
      #expect(!text.dropLast().unicodeScalars.contains { $0.properties.generalCategory == .control })
      #expect(text.utf8.count <= 4096)
    }
  }

  @Test(arguments: [
    (LogFormat.Choice.auto, false, false, [:], LogFormat.human(isColored: false)),
    (.auto, true, false, ["TERM": "xterm"], .human(isColored: true)), (.auto, false, true, [:], .journal),
    (.human, false, true, [:], .human(isColored: false)), (.json, true, true, [:], .json),
    (.auto, true, false, ["NO_COLOR": "1"], .human(isColored: false)),
    (.auto, true, false, ["NO_COLOR": ""], .human(isColored: true)),
    (.human, true, false, ["TERM": "dumb"], .human(isColored: false)),
  ])
  func `who reads it decides, unless it is said`(
    choice: LogFormat.Choice, isTerminal: Bool, isJournal: Bool, environment: [String: String], format: LogFormat
  ) {
    #expect(
      LogFormat(choice, isTerminal: isTerminal, isJournal: isJournal, environment: environment) == format)
  }
}
