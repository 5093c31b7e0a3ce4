import Core
import Testing

@testable import Logging

@Suite struct LogTailTests {
  @Test func `it keeps the latest lines, in their order, and no more`() {
    let tail = LogTail()
    let numbers = 1...LogTail.length + 10
    for number in numbers {
      tail.append(LogEntry(time: WallTime(microseconds: number), level: .info, message: "\(number)"))
    }
    #expect(tail.entries.map(\.message) == numbers.suffix(LogTail.length).map(String.init))
  }

  @Test func `it has what the log has, but what is for debugging`() {
    let log = Log(level: .debug)
    log.debug("one")
    log.warning("two")
    #expect(log.tail.entries.map(\.message) == ["two"])
    let quiet = Log(level: .error)
    quiet.warning("three")
    #expect(quiet.tail.entries.isEmpty)
  }
}
