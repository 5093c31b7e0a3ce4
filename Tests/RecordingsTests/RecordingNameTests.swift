import Core
import Recordings
import Testing

@Suite struct RecordingNameTests {
  private static let hour = WallTime("2026-11-30T13:00:00.000Z")!

  @Test func `the name is the stream and the local time with its offset`() {
    let name = RecordingName(stream: "live", start: Self.hour, offset: 3600)
    #expect(name.text == "live-2026-11-30T14-00-00+0100.mp3")
    #expect(name.startText == "2026-11-30T14:00:00+01:00")
    #expect(name.title == "live 2026-11-30 14:00:00")
    #expect(name.cueText == "live-2026-11-30T14-00-00+0100.cue")
  }

  @Test func `the time is rounded to the nearest second`() {
    let early = WallTime(microseconds: Self.hour.microseconds - 144_000)
    #expect(RecordingName(stream: "live", start: early, offset: 0).text == "live-2026-11-30T13-00-00+0000.mp3")
  }

  @Test(arguments: [0, 3600, -12_600, 20_700, -43_200])
  func `a name reads back`(offset: Int) throws {
    var name = RecordingName(stream: "a-2026_b", start: Self.hour, offset: offset)
    #expect(RecordingName(name.text) == name)
    name = try #require(name.next)
    #expect(name.copy == 2)
    #expect(RecordingName(name.text) == name)
  }

  @Test(arguments: [
    "", ".mp3", "live.mp3", "live-2026-11-30T14-00-00+0100", "live-2026-11-30T14-00-00+0100.cue",
    "live-2026-13-30T14-00-00+0100.mp3", "live-2026-11-30T24-00-00+0100.mp3", "live-2026-11-30T14-00-00+0160.mp3",
    "live-2026-11-30T14-00-00 0100.mp3", "live-2026-11-30T14-00-00+0100-1.mp3",
    "live-2026-11-30T14-00-00+0100-02.mp3", "live-2026-11-30T14-00-00+0100-100.mp3",
    "live-2026-11-30T14-00-00-0000.mp3", "../live-2026-11-30T14-00-00+0100.mp3",
    "a/b-2026-11-30T14-00-00+0100.mp3", "LIVE-2026-11-30T14-00-00+0100.mp3", "-2026-11-30T14-00-00+0100.mp3",
    "live-2026-11-30T14-00-00+0100.mp3.mp3", "live-2026-11-30T14-00-00+0100\u{0}.mp3", "live-2026-11-30T.mp3",
  ])
  func `other names are not ours`(text: String) {
    #expect(RecordingName(text) == nil)
  }
}
