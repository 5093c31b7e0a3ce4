import System
import Testing

@testable import HTTP

@Suite struct DeadlinesTests {
  private static func second(_ number: Double) -> MonotonicTime { MonotonicTime(nanoseconds: Int(number * 1e9)) }

  /// 10 s for a request, 60 s between two; 1000 bytes a second.
  private static func deadlines(_ slots: Range<Int>) -> Deadlines {
    var limits = Server.Limits()
    (limits.headerSeconds, limits.idleSeconds, limits.slowestRate) = (10, 60, 1000)
    var deadlines = Deadlines(limits)
    for slot in slots { deadlines.begin(slot, at: second(0)) }
    return deadlines
  }

  private static func overdue(_ deadlines: Deadlines, at time: Double) -> [Int] {
    var deadlines = deadlines
    return deadlines.takeOverdue(at: second(time), atMost: .max).map(\.slot)
  }

  @Test func `the first request is due in ten seconds, whatever has come of the request`() {
    var deadlines = Self.deadlines(0..<1)
    deadlines.begin(2, at: Self.second(5))
    #expect(Self.overdue(deadlines, at: 9.9) == [])
    #expect(Self.overdue(deadlines, at: 10) == [0])
    #expect(Self.overdue(deadlines, at: 15) == [0, 2])
  }

  @Test func `overdue slots are told once, some at a time, with their steps`() {
    var deadlines = Self.deadlines(0..<5)
    deadlines.requestArrived(1)
    deadlines.answerBegins(1, bytes: 0, at: Self.second(-50))
    #expect(deadlines.takeOverdue(at: Self.second(10), atMost: 3).map(\.slot) == [0, 1, 2])
    let rest = deadlines.takeOverdue(at: Self.second(10), atMost: 3)
    #expect(rest.map(\.slot) == [3, 4] && rest.map(\.step) == [.firstRequest, .firstRequest])
    #expect(deadlines.takeOverdue(at: Self.second(11), atMost: 3).isEmpty)
  }

  @Test func `a request that is held waits for its handler`() {
    var deadlines = Self.deadlines(0..<1)
    deadlines.requestArrived(0)
    #expect(Self.overdue(deadlines, at: 1_000_000) == [])
  }

  @Test func `the content of a request is due in ten seconds from the head on`() {
    var deadlines = Self.deadlines(0..<1)
    deadlines.requestArrived(0)
    deadlines.contentExpected(0, at: Self.second(9))
    #expect(Self.overdue(deadlines, at: 18.9) == [])
    #expect(Self.overdue(deadlines, at: 19) == [0])
    deadlines.requestArrived(0)
    #expect(Self.overdue(deadlines, at: 3600) == [])
  }

  @Test func `an answer has the time of its bytes and a minute, and the next request has a minute`() {
    var deadlines = Self.deadlines(0..<1)
    deadlines.requestArrived(0)
    deadlines.answerBegins(0, bytes: 32_500, at: Self.second(100))
    #expect(Self.overdue(deadlines, at: 192.4999) == [])
    #expect(Self.overdue(deadlines, at: 192.5) == [0])
    deadlines.answerEnded(0, at: Self.second(110))
    #expect(Self.overdue(deadlines, at: 169.9) == [])
    #expect(Self.overdue(deadlines, at: 170) == [0])
  }

  @Test func `a slot that is left is never overdue, and a slot that is taken again begins anew`() {
    var deadlines = Self.deadlines(0..<2)
    deadlines.end(0)
    #expect(Self.overdue(deadlines, at: 100) == [1])
    deadlines.begin(0, at: Self.second(100))
    #expect(Self.overdue(deadlines, at: 109) == [1])
    #expect(Self.overdue(deadlines, at: 110) == [0, 1])
  }
}
