import Audio
import Core
import Logging
import Testing

@testable import Live

@Suite struct SourceMonitorTests {
  private func monitor(_ change: (inout StreamSettings) -> Void = { _ in }) -> SourceMonitor {
    var configuration = StreamSettings()
    change(&configuration)
    return SourceMonitor(configuration, log: Log(level: .error))
  }

  private func text(_ monitor: SourceMonitor) -> String { JSON.object(Figures.health.members(of: monitor.health)).text }

  @Test func `where all is well there is no alarm and no notice`() {
    let monitor = monitor()
    #expect(monitor.notice == nil)
    #expect(text(monitor) == #"{"alarm":null,"alarmSince":null,"levels":[],"clipped":0,"overruns":0,"drift":null}"#)
  }

  @Test func `what was measured is shown in decibels and parts per million`() {
    let monitor = monitor()
    monitor.note(SourceHealth.Measured(levels: [Level(peak: -0.26, rms: -18.04)], clipped: 4, drift: -31.46))
    monitor.report(.overrun(lostFrames: 480))
    let levels = #""levels":[{"peak":-0.3,"rms":-18.0}]"#
    #expect(text(monitor) == #"{"alarm":null,"alarmSince":null,\#(levels),"clipped":4,"overruns":1,"drift":-31.5}"#)
  }

  @Test func `a device that is gone or hangs is an alarm until it is back, and comes before silence`() {
    let monitor = monitor { $0.fallbacks = [.tone] }
    monitor.report(.silence(for: .seconds(10)))
    #expect(monitor.notice == "No sound comes in")
    monitor.report(.deviceHangs(for: .milliseconds(500)))
    #expect(monitor.notice == "The sound device gives nothing: the fallback is played until it is back")
    monitor.report(.deviceLost(reason: "secret"))
    #expect(monitor.notice == "The sound device is gone: the fallback is played until it is back")
    #expect(text(monitor).contains(#""alarm":"device""#))
    let since = text(monitor).firstMatch(of: /"alarmSince":"[^"]+"/)?.0
    #expect(since != nil)
    monitor.report(.deviceBack(summary: "", lostFrames: 1))
    #expect(text(monitor).contains(#""alarm":"silence""#))
    // One alarm.
    #expect(text(monitor).firstMatch(of: /"alarmSince":"[^"]+"/)?.0 == since)
    monitor.report(.soundBack)
    #expect(monitor.notice == nil)
    #expect(text(monitor).contains(#""alarm":null,"alarmSince":null"#))
  }
}
