import Audio
import Core
import Testing

@testable import Live

@Suite struct StreamStateTests {
  private let now = WallTime(microseconds: 0)

  private func state(
    _ events: [SourceEvent] = [], _ settings: StreamSettings = StreamSettings(), hasSound: Bool = true,
    hasEnded: Bool = false
  ) -> StreamState {
    var health = SourceHealth()
    for event in events { health.note(event, at: now) }
    return StreamState(health, settings, hasSound: hasSound, hasEnded: hasEnded)
  }

  @Test func `a source that gives sound is live`() {
    #expect(state() == .live)
    #expect(state(hasSound: false) == .starting)
    #expect(state(hasEnded: true) == .ended)
    #expect(state([.silence(for: .seconds(1))]) == .silent)
  }

  @Test func `a lost source is replaced by the fallback or by silence`() {
    var settings = StreamSettings()
    settings.source = .alsa(device: "default")
    #expect(state([.deviceLost(reason: "gone")], settings) == .filling)
    settings.fallbacks = [.tone]
    #expect(state([.deviceLost(reason: "gone")], settings) == .fallback)
    #expect(state([.silence(for: .seconds(1))], settings) == .silent)
    settings.replacesSilence = true
    #expect(state([.silence(for: .seconds(1))], settings) == .fallback)
  }

  @Test func `where no fallback has sound, silence takes the place of a lost source`() {
    var settings = StreamSettings()
    settings.source = .alsa(device: "default")
    (settings.fallbacks, settings.replacesSilence) = ([.file(path: "a")], true)
    let nothing = SourceEvent.fallback(name: nil, silent: ["file:a"])
    #expect(state([.deviceLost(reason: "gone"), nothing], settings) == .filling)
    #expect(state([.silence(for: .seconds(1)), nothing], settings) == .silent)
    #expect(state([.deviceLost(reason: "gone"), nothing, .deviceBack(summary: "", lostFrames: 1)], settings) == .live)
  }

  @Test func `a source that is back is live when it is heard again`() {
    var settings = StreamSettings()
    (settings.source, settings.fallbacks) = (.alsa(device: "default"), [.tone])
    let back: [SourceEvent] = [
      .deviceLost(reason: "gone"), .fallback(name: "tone", silent: []), .deviceBack(summary: "", lostFrames: 1),
    ]
    #expect(state(back, settings) == .fallback)
    #expect(state(back + [.sourceHeard], settings) == .live)
    // The fallback of a room is heard under voices.
    settings.source = .room("show")
    #expect(state(back, settings) == .live)
  }

  @Test func `the tone before the first device is a fallback`() {
    #expect(state([.deviceAbsent(reason: "none")]) == .fallback)
  }

  @Test func `listeners hear nothing of a stream that has ended, not begun, or lost its source`() {
    #expect([StreamState.live, .silent, .fallback].allSatisfy { $0.isOnAir })
    #expect(![StreamState.starting, .filling, .ended].contains { $0.isOnAir })
  }
}
