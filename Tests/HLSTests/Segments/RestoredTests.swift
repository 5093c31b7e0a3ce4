import Codec
import Core
import HLS
import Testing

@Suite struct RestoredTests {
  private let now = WallTime(microseconds: 1_790_000_000_000_000)

  private func run(_ sequences: ClosedRange<Int>, discontinuities: Set<Int> = []) -> [Segment] {
    sequences.map {
      Frames.segment($0, start: ($0 - sequences.lowerBound) * 84, discontinuity: discontinuities.contains($0))
    }
  }

  private func restored(
    _ segments: [Segment], playlist: Bool = true, listed: Int = .max, targetDuration: Int = 2,
    change: (inout [Int: [UInt8]]) -> Void = { _ in }
  ) -> Restored {
    var files = Dictionary(uniqueKeysWithValues: segments.map { ($0.sequence, $0.bytes) })
    change(&files)
    let written = Playlist(
      targetDuration: 2, discontinuitySequence: 5, entries: segments.prefix(listed).map(\.entry), ended: false)
    return Restored(
      playlist: playlist ? written : nil, files: files, targetDuration: targetDuration, now: now)
  }

  @Test func `an empty folder begins with a number from the clock`() {
    let restored = Restored(playlist: nil, files: [:], targetDuration: 2, now: now)
    // 1790000000 − 1577836800 = 212163200 s since 2020, two a second.
    #expect(restored.nextSequence == 424_326_400)
    #expect(restored.segments.isEmpty && !restored.continues && restored.complaints.isEmpty)
    #expect(restored.discontinuitySequence == 0)
  }

  @Test func `no stream runs ahead of the number that the clock gives`() {
    let later = WallTime(microseconds: now.microseconds + 3600 * 1_000_000)
    let cut = Grid(sampleRate: 48_000, target: 500_000).boundary(7200)
    #expect(cut * 1152 >= 3600 * 48_000 - 1152, "7200 segments of half a second fill an hour")
    #expect(Restored.firstSequence(at: later) - Restored.firstSequence(at: now) == 7200)
  }

  @Test func `a whole ring goes on with the next number`() {
    let segments = run(41...50, discontinuities: [44])
    let restored = restored(segments)
    #expect(restored.segments == segments)
    #expect(restored.nextSequence == 51)
    #expect(restored.discontinuitySequence == 5)
    #expect(restored.continues && restored.complaints.isEmpty)
  }

  @Test func `a segment that the playlist could not name yet is listed`() {
    let segments = run(41...45)
    let restored = restored(segments, listed: 4)
    #expect(restored.segments == segments)
    #expect(restored.nextSequence == 46)
  }

  @Test func `what was being recorded when the run was killed is a segment, as far as its frames are whole`() {
    let segments = run(41...45)
    let last = Frames.segment(46, start: 5 * 84).bytes
    let date = WallTime(microseconds: now.microseconds - 7)
    for (length, frames) in [(last.count, 84), (last.count - 1, 83), (73 + 384 + 100, 1)] {
      let files = Dictionary(uniqueKeysWithValues: segments.map { ($0.sequence, $0.bytes) })
      let playlist = Playlist(targetDuration: 2, discontinuitySequence: 0, entries: segments.map(\.entry), ended: false)
      let restored = Restored(
        playlist: playlist, files: files, served: [46: .init(bytes: Array(last.prefix(length)), date: date)],
        targetDuration: 2, now: now)
      #expect(restored.segments.map(\.sequence) == Array(41...46))
      #expect(restored.segments.last?.samples == frames * 1152)
      #expect(restored.segments.last?.bytes == Array(last.prefix(73 + frames * 384)))
      #expect(restored.segments.last?.date == date)
      #expect(restored.segments.last?.discontinuity == false)
      #expect(restored.nextSequence == 47)
    }
  }

  @Test func `a segment that had begun without a whole frame uses up its number`() {
    let segments = run(900_000_041...900_000_045)
    let files = Dictionary(uniqueKeysWithValues: segments.map { ($0.sequence, $0.bytes) })
    let playlist = Playlist(targetDuration: 2, discontinuitySequence: 0, entries: segments.map(\.entry), ended: false)
    for length in [0, 10, 73, 100] {
      let bytes = Array(Frames.segment(900_000_046, start: 420).bytes.prefix(length))
      let restored = Restored(
        playlist: playlist, files: files, served: [900_000_046: .init(bytes: bytes, date: now)], targetDuration: 2,
        now: now)
      #expect(restored.nextSequence == 900_000_047)
      #expect(restored.segments.isEmpty && restored.continues)
    }
  }

  @Test func `what precedes a damaged file can't be listed`() {
    for damage: (inout [UInt8]) -> Void in [
      { $0.removeLast() }, { $0.removeLast(384) }, { $0[TimestampTag.length] = 0 }, { $0 = Array("text".utf8) },
    ] {
      let segments = run(41...50, discontinuities: [42, 43, 47])
      let restored = restored(segments) { damage(&$0[44]!) }
      #expect(restored.segments.map(\.sequence) == Array(45...50))
      #expect(restored.discontinuitySequence == 7)
      #expect(restored.nextSequence == 51)
      #expect(restored.complaints.contains { $0.hasPrefix("44.mp3") })
    }
  }

  @Test func `where the last file is missing the numbers go on after it, or from the clock if that is later`() {
    let restored = restored(run(41...50, discontinuities: [42])) { $0[50] = nil }
    #expect(restored.segments.isEmpty && restored.continues)
    #expect(restored.nextSequence == 424_326_400)
    #expect(restored.discontinuitySequence == 6)
    let high = self.restored(run(900_000_041...900_000_050)) { $0[900_000_050] = nil }
    #expect(high.nextSequence == 900_000_051)
  }

  @Test func `without a playlist nothing is listed, and no number is used twice`() {
    let restored = restored(run(900_000_041...900_000_050), playlist: false)
    #expect(restored.segments.isEmpty && restored.continues)
    #expect(restored.nextSequence == 900_000_051)
  }

  @Test func `a folder that may lack what was served costs the ring and leaves room for what is not known`() {
    let segments = run(900_000_041...900_000_050, discontinuities: [900_000_044])
    let files = Dictionary(uniqueKeysWithValues: segments.map { ($0.sequence, $0.bytes) })
    let playlist = Playlist(targetDuration: 2, discontinuitySequence: 5, entries: segments.map(\.entry), ended: false)
    let restored = Restored(playlist: playlist, files: files, isComplete: false, targetDuration: 2, now: now)
    #expect(restored.segments.isEmpty && restored.continues)
    #expect(restored.nextSequence == 900_000_050 + Restored.unknown)
    #expect(restored.discontinuitySequence == 6)
    #expect(restored.complaints.count == 1)
  }

  @Test func `the segment before the last may be one that the folder lacks as well`() {
    let segments = run(41...45)
    let files = Dictionary(uniqueKeysWithValues: segments.prefix(3).map { ($0.sequence, $0.bytes) })
    let playlist = Playlist(
      targetDuration: 2, discontinuitySequence: 0, entries: segments.prefix(3).map(\.entry), ended: false)
    let served = Dictionary(
      uniqueKeysWithValues: segments.suffix(2).map { ($0.sequence, Restored.Served(bytes: $0.bytes, date: $0.date)) })
    let restored = Restored(playlist: playlist, files: files, served: served, targetDuration: 2, now: now)
    #expect(restored.segments == segments)
    #expect(restored.nextSequence == 46)
  }

  @Test func `a foreign file is passed over, whatever its number`() {
    let restored = restored(run(41...43)) { $0[999_999_999_999] = Array("not ours".utf8) }
    #expect(restored.segments.map(\.sequence) == [41, 42, 43])
    #expect(restored.nextSequence == 44)
    #expect(restored.complaints == ["999999999999.mp3 does not start with a timestamp tag"])
  }

  @Test func `a number that leaves no room for those after it is none of ringcast's`() {
    for number in [Restored.highestUnlisted + 1, Restored.highest, .max] {
      let filed = restored(run(41...43)) { $0[number] = Frames.segment(number).bytes }
      #expect(filed.segments.map(\.sequence) == [41, 42, 43] && filed.nextSequence == 44)
      #expect(filed.complaints == ["\(number).mp3 has a number that is none of ringcast's"])
    }
    for number in [Restored.highest + 1, 999_999_999_999_999, .max] {
      let segment = Frames.segment(number)
      let noted = Restored(
        playlist: nil, files: [:], served: [number: .init(bytes: segment.bytes, date: now)], targetDuration: 2, now: now
      )
      #expect(noted.nextSequence == 424_326_400 && !noted.continues)
      let listed = restored([segment])
      #expect(listed.segments.isEmpty && listed.nextSequence == 424_326_400)
    }
  }

  @Test func `after the highest number of a planted file the numbers go on, also after the next restart`() {
    let planted = restored(run(41...43)) { $0[Restored.highestUnlisted] = Frames.segment(1).bytes }
    #expect(planted.segments.isEmpty && planted.nextSequence == Restored.highestUnlisted + 1)
    let again = restored(run(planted.nextSequence...planted.nextSequence + 4))
    #expect(again.segments.count == 5 && again.nextSequence == planted.nextSequence + 5)
    #expect(SegmentName("\(again.nextSequence).mp3", of: .mp3) != nil)
  }

  @Test func `whatever the clock says, a first number is one`() {
    for microseconds in [.min / 2, 0, 1_577_836_800_499_999, .max] {
      let restored = Restored(
        playlist: nil, files: [:], targetDuration: 2, now: WallTime(microseconds: microseconds))
      #expect((1...Restored.highestUnlisted).contains(restored.nextSequence))
    }
  }

  @Test func `the era goes on where the last number is known, and only there`() {
    let (segments, era) = (run(41...45), Era(bits: 0xE4A))
    let files = Dictionary(uniqueKeysWithValues: segments.map { ($0.sequence, $0.bytes) })
    let playlist = Playlist(targetDuration: 2, discontinuitySequence: 0, entries: segments.map(\.entry), ended: false)
    let served = [46: Restored.Served(bytes: Frames.segment(46, start: 420).bytes, date: now)]
    func found(
      _ playlist: Playlist?, _ files: [Int: [UInt8]], _ served: [Int: Restored.Served] = [:], isComplete: Bool = true,
      era: Era? = era
    ) -> Era {
      Restored(
        playlist: playlist, files: files, served: served, isComplete: isComplete, era: era, targetDuration: 2, now: now
      ).era
    }
    #expect(found(playlist, files) == era)
    #expect(found(playlist, files, served) == era)
    #expect(found(nil, files, served) == era)
    #expect(found(playlist, [:]) == era)
    // The folder is new, or was emptied; its playlist is lost; the machine was cut off; nobody knows the era.
    #expect(found(nil, [:]) == .new)
    #expect(found(nil, files) == .new)
    #expect(found(playlist, files, isComplete: false) == .new)
    #expect(found(playlist, files, era: nil) == .new)
  }

  @Test func `a ring with another target duration is not listed again, because it must not change`() {
    let restored = restored(run(41...50, discontinuities: [44]), targetDuration: 6)
    #expect(restored.segments.isEmpty && restored.continues)
    #expect(restored.discontinuitySequence == 6)
    #expect(restored.nextSequence >= 51)
  }
}
