import Core
import Testing

@testable import Live

@Suite struct ListenerRecordTests {
  private func time(_ text: String) -> WallTime { WallTime("2026-\(text):00.000Z")! }

  @Test func `a day is told once, when it is over, with its most listeners and the first moment of them`() {
    var record = ListenerRecord()
    #expect(record.note(3, at: time("11-29T18:00")) == nil)
    #expect(record.note(12, at: time("11-29T19:03")) == nil)
    #expect(record.note(12, at: time("11-29T19:04")) == nil)
    #expect(record.note(5, at: time("11-29T23:59")) == nil)
    let day = record.note(2, at: time("11-30T00:00"))
    #expect(day == ListenerRecord.Day(date: "2026-11-29", listeners: 12, time: time("11-29T19:03")))
    #expect(day?.clockTime == "19:03")
    #expect(record.note(2, at: time("11-30T00:01")) == nil)
    #expect(record.note(0, at: time("12-02T00:00"))?.listeners == 2)
  }

  @Test func `a day without a listener, and a clock that is set back, are not told`() {
    var record = ListenerRecord()
    #expect(record.note(0, at: time("11-29T18:00")) == nil)
    #expect(record.note(7, at: time("11-30T18:00")) == nil)
    #expect(record.note(8, at: time("11-29T18:00")) == nil)
    #expect(record.note(1, at: time("11-30T18:00"))?.listeners == 8)
  }
}
