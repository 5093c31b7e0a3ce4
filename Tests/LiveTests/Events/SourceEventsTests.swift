import Audio
import System
import Testing

@testable import Live

@Suite struct SourceEventsTests {
  /// The events after each event of the source, one a second.
  private func events(
    _ told: [SourceEvent], _ change: (inout StreamSettings) -> Void = { _ in }
  ) -> [[StationEvent.Kind]] {
    var settings = StreamSettings()
    change(&settings)
    var events = SourceEvents(settings)
    return zip(1..., told).map { second, event in
      events.after(event, at: MonotonicTime(nanoseconds: second * 1_000_000_000))
    }
  }

  @Test func `an outage is told at its beginning and at its end, however it changes between`() {
    #expect(
      events([
        .deviceHangs(for: .milliseconds(500)), .deviceLost(reason: "gone"), .overrun(lostFrames: 1),
        .deviceBack(summary: "", lostFrames: 9), .deviceLost(reason: "gone"),
      ]) == [
        [.sourceLost(reason: "it has given nothing for 500 ms")], [], [], [.sourceBack(after: .seconds(3))],
        [.sourceLost(reason: "gone")],
      ])
  }

  @Test func `a device that is absent at the start is lost`() {
    #expect(
      events([.deviceAbsent(reason: "none"), .deviceBack(summary: "", lostFrames: 9)]) == [
        [.sourceLost(reason: "there is no capture device (none)")], [.sourceBack(after: .seconds(1))],
      ])
  }

  @Test func `silence is told at its beginning and at its end`() {
    #expect(
      events([.silence(for: .seconds(20)), .remark("x"), .soundBack, .soundBack]) == [
        [.silenceBegan(length: .seconds(20))], [], [.silenceEnded(after: .seconds(2))], [],
      ])
  }

  @Test func `a fallback is told from the moment when it is heard until the source is heard again`() {
    let told: [SourceEvent] = [
      .silence(for: .seconds(20)), .fallback(name: "tone", silent: []), .deviceLost(reason: "gone"), .soundBack,
      .deviceBack(summary: "", lostFrames: 9), .sourceHeard,
    ]
    #expect(
      events(told) { ($0.fallbacks, $0.silenceAlarm, $0.replacesSilence) = ([.tone], .seconds(20), true) } == [
        [.silenceBegan(length: .seconds(20))], [.fallbackBegan], [.sourceLost(reason: "gone")],
        [.silenceEnded(after: .seconds(3))], [.sourceBack(after: .seconds(2))], [.fallbackEnded(after: .seconds(4))],
      ])
  }

  @Test func `a change of the fallback is no event, and the end of its sound is one`() {
    let told: [SourceEvent] = [
      .deviceLost(reason: "gone"), .fallback(name: nil, silent: ["file:a", "file:b"]),
      .fallback(name: "file:b", silent: ["file:a"]), .fallback(name: "file:a", silent: []),
      .fallback(name: nil, silent: ["file:a", "file:b"]), .deviceBack(summary: "", lostFrames: 9),
    ]
    #expect(
      events(told) { $0.fallbacks = [.file(path: "a"), .file(path: "b")] } == [
        [.sourceLost(reason: "gone")], [], [.fallbackBegan], [], [.fallbackEnded(after: .seconds(2))],
        [.sourceBack(after: .seconds(5))],
      ])
  }

  @Test func `the fallback of a room takes the place of the source while nobody is on the air`() {
    let told: [SourceEvent] = [
      .fallback(name: "tone", silent: []), .deviceLost(reason: "nobody is on the air"),
      .deviceBack(summary: "", lostFrames: 9),
    ]
    #expect(
      events(told) { ($0.source, $0.fallbacks) = (.room("show"), [.tone]) } == [
        [], [.sourceLost(reason: "nobody is on the air"), .fallbackBegan],
        [.sourceBack(after: .seconds(1)), .fallbackEnded(after: .seconds(1))],
      ])
  }

  @Test func `the tone before the first capture device is no fallback of the settings`() {
    #expect(
      events([.deviceAbsent(reason: "none"), .fallback(name: "tone", silent: []), .sourceHeard]) == [
        [.sourceLost(reason: "there is no capture device (none)")], [], [],
      ])
  }
}
