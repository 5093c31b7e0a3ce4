import Audio
import Core
import Testing

@testable import Live

@Suite struct SourceHealthTests {
  private let start = WallTime(microseconds: 1_790_000_000_000_000)

  @Test func `frames that were filled during an outage are not counted twice when the device is back`() {
    var health = SourceHealth()
    health.note(.overrun(lostFrames: 100), at: start)
    health.note(.deviceLost(reason: ""), at: start)
    health.note(filled: 480)
    health.note(filled: 480)
    health.note(.deviceBack(summary: "", lostFrames: 1000), at: start)
    #expect(health.filled == 1100 && health.restarts == 1 && health.overruns == 1 && health.isUp)
  }

  @Test func `a capture device that was never there is an alarm, and is not gone before it has come`() {
    var health = SourceHealth()
    health.note(.deviceAbsent(reason: ""), at: start)
    health.note(.deviceLost(reason: ""), at: start)
    #expect(health.outage == .absent && health.alarm == .device && !health.isUp)
    health.note(.deviceBack(summary: "", lostFrames: 1), at: start)
    health.note(.deviceLost(reason: ""), at: start)
    #expect(health.outage == .gone)
  }

  @Test func `an alarm keeps its start while it changes from silence to an outage and back`() {
    var health = SourceHealth()
    health.note(.silence(for: .seconds(3)), at: start)
    let later = start.advanced(samples: 1, rate: 1)
    health.note(.deviceHangs(for: .milliseconds(500)), at: later)
    #expect(health.alarm == .device && health.alarmSince == start)
    health.note(.deviceBack(summary: "", lostFrames: 0), at: later)
    #expect(health.alarm == .silence && health.alarmSince == start)
    health.note(.soundBack, at: later)
    #expect(health.alarm == nil && health.alarmSince == nil)
  }
}
