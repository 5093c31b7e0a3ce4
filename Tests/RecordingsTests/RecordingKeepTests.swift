import Core
import Recordings
import Testing

@Suite struct RecordingKeepTests {
  private static let start = WallTime("2026-11-30T00:00:00.000Z")!

  /// Recordings of an hour and a megabyte each, from midnight on.
  private static let files = (0..<4).map { hour in
    RecordingKeep.File(
      name: RecordingName(
        stream: "live", start: WallTime(microseconds: start.microseconds + hour * 3_600_000_000), offset: 0),
      milliseconds: 3_600_000, size: 1_000_000)
  }

  @Test(arguments: [
    ("30d", RecordingKeep.age(seconds: 2_592_000)), ("12h", .age(seconds: 43_200)), ("5m", .age(seconds: 300)),
    ("9s", .age(seconds: 9)), ("50GB", .bytes(50_000_000_000)), ("1MB", .bytes(1_000_000)),
    ("2TB", .bytes(2_000_000_000_000)),
  ])
  func `a limit is a time or a size`(text: String, limit: RecordingKeep) {
    #expect(RecordingKeep(text) == limit)
  }

  @Test(arguments: ["", "30", "d", "0d", "-1d", "1.5GB", "50gb", "50 GB", "1234567d", "30days", "٣d"])
  func `other texts are no limit`(text: String) {
    #expect(RecordingKeep(text) == nil)
  }

  @Test func `recordings that ended before the time go`() {
    let now = WallTime("2026-11-30T05:00:00.000Z")!
    #expect(RecordingKeep.age(seconds: 3 * 3600).pruned(Self.files, current: 0, now: now) == [Self.files[0].name])
    #expect(RecordingKeep.age(seconds: 4 * 3600).pruned(Self.files, current: 0, now: now).isEmpty)
  }

  @Test func `a clock that is corrected removes no new sound`() {
    // The clock of this run began in 1970.
    let early = RecordingName(stream: "live", start: WallTime(microseconds: 0), offset: 0)
    func file(modified: WallTime?, sinceFinish: Duration?) -> RecordingKeep.File {
      RecordingKeep.File(
        name: early, milliseconds: 1000, size: 1_000_000, modified: modified, sinceFinish: sinceFinish)
    }
    let limit = RecordingKeep.age(seconds: 3600)
    #expect(limit.pruned([file(modified: nil, sinceFinish: .seconds(3600))], current: 0, now: Self.start).isEmpty)
    #expect(limit.pruned([file(modified: Self.start, sinceFinish: nil)], current: 0, now: Self.start).isEmpty)
    #expect(limit.pruned([file(modified: nil, sinceFinish: .seconds(3601))], current: 0, now: Self.start) == [early])
    #expect(limit.pruned([file(modified: nil, sinceFinish: nil)], current: 0, now: Self.start) == [early])
    // By size, the files of earlier runs go first.
    #expect(
      RecordingKeep.bytes(1_000_000).pruned(
        [file(modified: nil, sinceFinish: .seconds(9)), Self.files[3]], current: 0, now: Self.start)
        == [Self.files[3].name])
  }

  @Test func `the oldest recordings go until the size is right`() {
    let shuffled = Self.files.reversed().map(\.self)
    #expect(
      RecordingKeep.bytes(3_000_000).pruned(shuffled, current: 500_000, now: Self.start)
        == [Self.files[0].name, Self.files[1].name])
    #expect(RecordingKeep.bytes(4_500_000).pruned(shuffled, current: 500_000, now: Self.start).isEmpty)
  }

  @Test func `the recording that is written never goes`() {
    #expect(
      RecordingKeep.bytes(1000).pruned(Self.files, current: 9_000_000, now: Self.start) == Self.files.map(\.name))
  }
}
