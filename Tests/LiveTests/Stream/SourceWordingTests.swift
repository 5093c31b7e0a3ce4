import Audio
import Core
import Logging
import Testing

@testable import Live

@Suite struct SourceWordingTests {
  private var wording: SourceWording {
    var configuration = StreamSettings()
    configuration.fallbacks = [.tone]
    configuration.replacesSilence = true
    return SourceWording(configuration)
  }

  @Test(arguments: [
    (SourceEvent.overrun(lostFrames: 480), "source: overrun, 480 frames lost and filled with silence"),
    (
      .deviceLost(reason: "alsa:hw:1: No such device"),
      "source: alsa:hw:1: No such device; the fallback is played until it is back"
    ),
    (
      .deviceHangs(for: .milliseconds(500)),
      "source: it has given nothing for 500 ms; the fallback is played until it is back"
    ),
    (.deviceBack(summary: "alsa:hw:1", lostFrames: 9600), "source: back after 9600 frames: alsa:hw:1"),
    (.silence(for: .seconds(3)), "source: silent for 3 s; the fallback is played until there is sound"),
    (.soundBack, "source: there is sound again"),
    (.deviceAbsent(reason: "why"), "No capture device: the fallback is played (why); it is tried again"),
    (.title(SoundTitle(title: "Song", artist: "Band")), "source: Band - Song begins"),
    (.fallback(name: "tone", silent: []), "source: the fallback tone is heard"),
    (
      .fallback(name: "tone", silent: ["file:a", "file:b"]),
      "source: the fallback tone is heard, because file:a and file:b have no sound"
    ),
    (.fallback(name: nil, silent: ["file:a"]), "source: no fallback has sound: silence is sent"),
    (.sourceHeard, "source: heard again, and the fallback is not"),
    (.remark("its 6 channels are mixed"), "source: its 6 channels are mixed"),
  ])
  func `each event has a line in the log`(event: SourceEvent, line: String) {
    #expect(wording.line(event) == line)
  }

  @Test func `only a device that fails is an error`() {
    #expect(wording.level(.deviceLost(reason: "")) == .error && wording.level(.deviceHangs(for: .zero)) == .error)
    #expect(wording.level(.overrun(lostFrames: 1)) == .warning && wording.level(.silence(for: .zero)) == .warning)
    #expect(wording.level(.title(SoundTitle(title: "Song"))) == .debug)
  }

  @Test(arguments: [
    (StreamSettings.SourceChoice.alsa(device: "x"), "The sound device gives nothing: silence is sent until it is back"),
    (.file(path: "x"), "The sound file gives nothing: silence is sent until it is back"),
    (.room("show"), "The room gives nothing: silence is sent until it is back"),
    (.standardInput, "The input gives nothing: silence is sent until it is back"),
  ])
  func `a fault names the kind of source`(source: StreamSettings.SourceChoice, notice: String) {
    var (settings, health) = (StreamSettings(), SourceHealth())
    settings.source = source
    health.note(.deviceHangs(for: .seconds(3)), at: WallTime(microseconds: 0))
    #expect(SourceWording(settings).notice(health) == notice)
  }

  @Test func `a room that nobody speaks in on the air is no error, and its name is told to operators only`() {
    var settings = StreamSettings()
    settings.source = .room("show")
    settings.fallbacks = [.tone]
    let wording = SourceWording(settings)
    let lost = SourceEvent.deviceLost(reason: "nobody is on the air")
    #expect(wording.line(lost) == "source: nobody is on the air; the fallback is played until somebody is")
    #expect(wording.level(lost) == .warning)
    #expect(
      wording.line(.deviceBack(summary: "room show", lostFrames: 48_000))
        == "source: somebody is on the air, after 48000 frames")
    var health = SourceHealth()
    health.note(lost, at: WallTime(microseconds: 0))
    #expect(wording.notice(health) == "Nobody is on the air: the fallback is played until somebody is")
  }

  @Test func `without a capture device auto plays the test tone`() {
    var health = SourceHealth()
    health.note(.deviceAbsent(reason: "secret"), at: WallTime(microseconds: 0))
    #expect(
      SourceWording(StreamSettings()).notice(health) == "No capture device: playing the built-in test tone")
  }

  @Test func `listeners are told the fault and not its cause`() {
    var health = SourceHealth()
    #expect(wording.notice(health) == nil)
    health.note(.silence(for: .seconds(3)), at: WallTime(microseconds: 0))
    #expect(wording.notice(health) == "No sound comes in; the fallback is played until there is sound")
    health.note(.deviceLost(reason: "secret"), at: WallTime(microseconds: 0))
    #expect(wording.notice(health) == "The sound device is gone: the fallback is played until it is back")
    health.note(.fallback(name: nil, silent: ["file:secret"]), at: WallTime(microseconds: 0))
    #expect(wording.notice(health) == "The sound device is gone: silence is sent until it is back")
  }
}
