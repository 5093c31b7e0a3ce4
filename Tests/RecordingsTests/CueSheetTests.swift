import Core
import Recordings
import Testing

@Suite struct CueSheetTests {
  private static let name = RecordingName(
    stream: "live", start: WallTime("2026-11-30T13:00:00.000Z")!, offset: 3600)

  @Test func `each title is a track`() {
    let recording = Recording(
      name: Self.name, milliseconds: 5_000_000,
      chapters: [.init(start: 1013, title: "Ann - \"One\"\n"), .init(start: 4_000_500, title: "Two")])
    #expect(
      CueSheet(recording).text.split(separator: "\r\n") == [
        "REM DATE 2026-11-30T14:00:00+01:00",
        "PERFORMER \"live\"",
        "TITLE \"live 2026-11-30 14:00:00\"",
        "FILE \"live-2026-11-30T14-00-00+0100.mp3\" MP3",
        "  TRACK 01 AUDIO",
        "    TITLE \"live\"",
        "    INDEX 01 00:00:00",
        "  TRACK 02 AUDIO",
        "    TITLE \"Ann - \u{2019}One\u{2019} \"",
        "    INDEX 01 00:01:00",
        "  TRACK 03 AUDIO",
        "    TITLE \"Two\"",
        "    INDEX 01 66:40:37",
      ])
  }

  @Test func `a recording without a title is one track`() {
    let text = CueSheet(Recording(name: Self.name, milliseconds: 1000)).text
    #expect(text.contains("TRACK 01") && !text.contains("TRACK 02"))
  }
}
