import Codec
import Core
import HLS
import HTTP
import Logging
import Recordings
import System
import Testing

@testable import Live

@Suite struct RecorderTests {
  private static let grid = Grid(codec: .mp3, sampleRate: 48_000, target: .seconds(2))
  /// Twelve MP3 frames a part.
  private static let partFrames = 12

  private let temporary = TemporaryFolder()
  private let library = RecordingLibrary(crossOrigin: []) {}

  private var folder: Folder { Folder("\(temporary.path)/recordings") }

  private func recorder(length: Int = 3600, keep: RecordingKeep? = nil, in path: String? = nil) -> Recorder {
    Recorder(
      RecordSettings(directory: path ?? folder.path, length: length, keep: keep), stream: "live", library: library,
      log: Log(level: .error))
  }

  /// The bytes of an encoded frame that is told from all others.
  private func frame(_ number: Int) -> [UInt8] { withUnsafeBytes(of: UInt32(number).bigEndian) { Array($0) } }

  /// Gives the recorder a stream in fast time, as a capture thread does.
  /// - Returns: the bytes of all segments, without their preambles.
  private func stream(seconds: Int, from date: WallTime, into recorder: Recorder) -> [UInt8] {
    var tap = RecordingTap(recorder)
    var segmenter = Segmenter(
      grid: Self.grid, packaging: .packedAudio(.mp3), partFrames: Self.partFrames, origin: date, sequence: 1,
      discontinuity: false)
    var joined: [UInt8] = []
    for number in 1...(seconds * 48_000 / 1152) {
      segmenter.append(frame(number))
      if number == segmenter.nextCut, let segment = segmenter.cut(at: number) {
        joined += segment.bytes.dropFirst(segment.packaging.preambleLength)
        tap.note(RecordingSegment(segment), NowPlayingHistory())
      } else if number == segmenter.nextPart {
        segmenter.closePart(at: number)
        tap.note(segmenter.recording, NowPlayingHistory())
      }
    }
    if let segment = segmenter.cut(at: seconds * 48_000 / 1152) {
      joined += segment.bytes.dropFirst(segment.packaging.preambleLength)
      tap.note(RecordingSegment(segment), NowPlayingHistory())
    }
    recorder.stop(within: .seconds(60))
    return joined
  }

  @Test func `the files of two hours joined are the segments joined, behind the tags`() throws {
    let zone = LocalTime.offset(at: 1_796_000_000)
    // Half past noon on the clock of this machine.
    let noon = WallTime("2026-11-30T12:30:00.000Z")!
    let joined = stream(
      seconds: 7200, from: WallTime(microseconds: noon.microseconds - zone * 1_000_000), into: recorder())
    let files = try folder.files().filter { $0.hasSuffix(".mp3") }
    let times: [String] = files.compactMap { RecordingName($0) }.map { String($0.startText.dropFirst(11).prefix(8)) }
    #expect(times == ["12:30:00", "13:00:00", "14:00:00"])
    let bodies = try files.map { try folder.read($0).dropFirst(ID3Tag.length) }
    #expect(Array(bodies.joined()) == joined)
    // An hour has 150000 frames of four bytes, but for a part.
    #expect(abs(bodies[1].count - 600_000) <= 4 * Self.partFrames)
    #expect(library.list(for: .all).length > 500)
  }

  @Test func `a directory that cannot be made costs nothing but the recording`() throws {
    try Folder(temporary.path).replace("file", [])
    let lost = recorder(in: "\(temporary.path)/file/recordings")
    let joined = stream(seconds: 10, from: WallTime(microseconds: 0), into: lost)
    #expect(!joined.isEmpty)
    #expect(!lost.isWell)
  }

  @Test func `a name that is taken gets a number, and the file that has the name stays`() throws {
    let date = WallTime("2026-11-30T12:00:00.000Z")!
    _ = stream(seconds: 4, from: date, into: recorder())
    let first = try #require(try folder.files().first { $0.hasSuffix(".mp3") })
    let before = try folder.read(first)
    _ = stream(seconds: 6, from: date, into: recorder())
    #expect(try folder.read(first) == before)
    let second = try folder.files().filter { $0.hasSuffix("-2.mp3") }
    #expect(second.count == 1)
  }

  @Test func `recordings that are too many are removed with their cue sheets`() throws {
    let keep = try #require(RecordingKeep("1MB"))
    _ = stream(seconds: 200, from: WallTime("2026-11-30T12:00:00.000Z")!, into: recorder(length: 4, keep: keep))
    let files = try folder.files()
    // A tag has 64 KiB: fifteen fit into a megabyte, and the last file was not counted whole when it began.
    let (recordings, sheets) = (files.count { $0.hasSuffix(".mp3") }, files.count { $0.hasSuffix(".cue") })
    #expect((14...17).contains(recordings) && sheets == recordings)
  }

  // The files that are there at the start

  private static let names = (0..<3).map { hour in
    RecordingName(
      stream: "live", start: WallTime(microseconds: 1_796_000_000_000_000 + hour * 3_600_000_000), offset: 0)
  }

  private var shelf: RecordingShelf {
    RecordingShelf(folder, stream: "live", keep: RecordingKeep.age(seconds: 60))
  }

  /// Ten MP3 frames of 128 kbit/s.
  private static let sound = [[UInt8]](
    repeating: [0xFF, 0xFB, 0x94, 0x00] + [UInt8](repeating: 0, count: 380), count: 10
  ).flatMap(\.self)

  @Test func `a recording whose tag another program has made shorter stays as it is`() throws {
    try folder.create()
    // An unfinished TLEN in a tag of 31 bytes.
    let frame = Array("TLEN".utf8) + [0, 0, 0, 11, 0, 0, 0] + Array("0000000000".utf8)
    let bytes = Array("ID3".utf8) + [3, 0, 0, 0, 0, 0, UInt8(frame.count)] + frame + Self.sound
    try folder.replace(Self.names[0].text, bytes)
    var lines: [String] = []
    let content = try shelf.open { lines.append($0) }
    #expect(content.stored.isEmpty && lines.count == 1)
    #expect(try folder.read(Self.names[0].text) == bytes)
  }

  @Test func `a recording that a crash has left is mended, and chapters behind its end go`() throws {
    try folder.create()
    let chapters = (0..<200).map { Recording.Chapter(start: $0 * 100, title: "Mark") }
    let recording = Recording(name: Self.names[0], milliseconds: 20_000, chapters: chapters)
    try folder.replace(Self.names[0].text, ID3Tag(recording, isFinished: false).bytes + Self.sound + [0xFF, 0xFB])
    let content = try shelf.open { _ in }
    let stored = try #require(content.stored.first)
    #expect(stored.recording.milliseconds == 240)
    #expect(stored.recording.chapters.map(\.start) == [0, 100, 200])
    #expect(stored.size == ID3Tag.length + Self.sound.count)
    #expect(try folder.read(Self.names[0].text).count == stored.size)
  }

  @Test func `a recording that another recorder writes is listed when that recorder is done`() throws {
    try folder.create()
    let recording = Recording(name: Self.names[0], milliseconds: 240)
    var file = try RecordingFile(Self.names[0], in: folder)
    try file.describe(recording)
    try file.append(Self.sound)
    let content = try shelf.open { _ in }
    #expect(content.stored.isEmpty && content.busy == [Self.names[0]])
    try file.finish(recording)
    file.close()
    let again = shelf.look(at: content.busy) { _ in }
    #expect(again.stored.map(\.recording) == [recording] && again.busy.isEmpty)
  }

  @Test func `a file that cannot be removed keeps no other file`() throws {
    try folder.create()
    // A folder is no file that can be removed.
    try Folder("\(folder.path)/\(Self.names[0].text)").create()
    for name in Self.names.dropFirst() { try folder.replace(name.text, [1]) }
    let files = Self.names.map { shelf.stored(Recording(name: $0), as: $0, size: 1) }
    var complaints: [RecordingName] = []
    let gone = shelf.prune(
      files, current: 0, now: WallTime(microseconds: 1_797_000_000_000_000), sinceFinish: { _ in nil }
    ) { name, _ in complaints.append(name) }
    #expect(gone == Array(Self.names.dropFirst()))
    #expect(complaints == [Self.names[0]])
    #expect(try folder.files().isEmpty)
  }
}
