import Audio
import Core
import Logging
import Testing

@testable import Live

@Suite struct SourceHealthTests {
  private func health(_ change: (inout Configuration) -> Void = { _ in }) -> SourceHealth {
    var configuration = Configuration()
    change(&configuration)
    return SourceHealth(configuration, log: Log(level: .error))
  }

  private func text(_ health: SourceHealth) -> String { JSON.object(health.facts).text }

  @Test func `where all is well there is no alarm and no notice`() {
    let health = health()
    #expect(health.notice == nil)
    #expect(text(health) == #"{"alarm":null,"alarmSince":null,"levels":[],"clipped":0,"overruns":0,"drift":null}"#)
  }

  @Test func `what was measured is shown in decibels and parts per million`() {
    let health = health()
    health.note(SourceHealth.Measured(levels: [Level(peak: -0.26, rms: -18.04)], clipped: 4, drift: -31.46))
    health.report(.overrun(lostFrames: 480))
    let levels = #""levels":[{"peak":-0.3,"rms":-18.0}]"#
    #expect(text(health) == #"{"alarm":null,"alarmSince":null,\#(levels),"clipped":4,"overruns":1,"drift":-31.5}"#)
  }

  @Test func `a device that is gone or hangs is an alarm until it is back, and comes before silence`() {
    let health = health { $0.fallback = .tone }
    health.report(.silence(seconds: 10))
    #expect(health.notice == "No sound comes in")
    health.report(.deviceHangs(milliseconds: 500))
    #expect(health.notice == "The sound device gives nothing: the fallback is played until it is back")
    health.report(.deviceLost(reason: "secret"))
    #expect(health.notice == "The sound device is gone: the fallback is played until it is back")
    #expect(text(health).contains(#""alarm":"device""#))
    let since = text(health).firstMatch(of: /"alarmSince":"[^"]+"/)?.0
    #expect(since != nil)
    health.report(.deviceBack(summary: "", lostFrames: 1))
    #expect(text(health).contains(#""alarm":"silence""#))
    // One alarm.
    #expect(text(health).firstMatch(of: /"alarmSince":"[^"]+"/)?.0 == since)
    health.report(.soundBack)
    #expect(health.notice == nil)
    #expect(text(health).contains(#""alarm":null,"alarmSince":null"#))
  }
}
