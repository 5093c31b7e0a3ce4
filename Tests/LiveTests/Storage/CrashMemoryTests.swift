import Codec
import Core
import Glibc
import HLS
import System
import Testing

@testable import Live

@Suite struct CrashMemoryTests {
  private let temporary = TemporaryFolder()

  /// The content that another process would find.
  private func served() throws -> [Int: Restored.Served] { try CrashMemory(folder: temporary.path).served() }

  private func open(_ sequence: Int, _ count: Int = .max) -> RecordingSegment {
    let segment = Segments.make(sequence)
    return RecordingSegment(segment.start, bytes: Array(segment.bytes.prefix(count)))
  }

  private func whole(_ sequence: Int) -> Restored.Served {
    Restored.Served(bytes: Segments.make(sequence).bytes, date: Segments.make(sequence).date)
  }

  @Test func `it holds the newest two segments, each as far as it was noted`() throws {
    var box = try CrashMemory(folder: temporary.path)
    defer { box.remove() }
    #expect(try served().isEmpty)
    try box.note(open(7, 500))
    #expect(try served() == [7: .init(bytes: open(7, 500).bytes, date: open(7).date)])
    for count in [900, 20_000, .max] { try box.note(open(7, count)) }
    #expect(try served() == [7: whole(7)])
    try box.note(open(8))
    #expect(try served() == [7: whole(7), 8: whole(8)])
    try box.note(open(9, 457))
    #expect(try served() == [8: whole(8), 9: .init(bytes: open(9, 457).bytes, date: open(9).date)])
  }

  /// The name of the memory's file in `/dev/shm`.
  static func file(of folder: String) -> String? {
    let name = "ringcast-\(String(FNV1a.hash(Array(folder.utf8)), radix: 16))"
    return (try? Folder("/dev/shm").files())?.first { $0 == name }
  }

  static func overwrite(_ path: String, at offset: Int, with byte: UInt8) throws {
    let file = try SystemError.check("open", Glibc.open(path, O_WRONLY), of: path)
    defer { close(file) }
    var byte = byte
    try SystemError.check("pwrite", pwrite(file, &byte, 1, offset))
  }

  @Test(arguments: [0, 7, 8, 15, 16, 24, 32, 47, 48, 500])
  func `a byte that something else has written is seen`(offset: Int) throws {
    var box = try CrashMemory(folder: temporary.path)
    defer { box.remove() }
    for sequence in [7, 8] { try box.note(open(sequence)) }
    #expect(!box.content().isDamaged)
    try Self.overwrite("/dev/shm/\(try #require(Self.file(of: temporary.path)))", at: offset, with: 0xA5)
    #expect(box.content().isDamaged)
    #expect(box.served() == [7: whole(7)])
    box.clear()
    #expect(!box.content().isDamaged && box.served().isEmpty)
    try box.note(open(9))
    #expect(try served() == [9: whole(9)])
  }

  @Test func `a record has one form, and its values are in bounds`() {
    let record = CrashRecord(sequence: 7, date: WallTime(microseconds: 5), count: 100, hash: .max)
    #expect(CrashRecord(record.bytes, atMost: 100) == record)
    #expect(CrashRecord(record.bytes, atMost: 99) == nil)
    #expect(CrashRecord(record.bytes + [0], atMost: 100) == nil && CrashRecord([], atMost: 100) == nil)
    for (sequence, date) in [(0, 5), (Restored.highest + 1, 5), (Int.max, 5), (7, -1), (7, 253_402_300_799_999_999)] {
      let record = CrashRecord(
        sequence: sequence, date: WallTime(microseconds: date), count: 100, hash: .max)
      #expect(CrashRecord(record.bytes, atMost: 100) == nil, "\(record)")
    }
  }

  @Test func `a segment without a whole frame is nothing that was served`() throws {
    var box = try CrashMemory(folder: temporary.path)
    defer { box.remove() }
    try box.note(open(7, 73 + 383))
    #expect(try served().isEmpty)
  }

  @Test func `a run that goes on keeps what it finds until it has a segment of its own for the place`() throws {
    var first = try CrashMemory(folder: temporary.path)
    defer { first.remove() }
    try first.note(open(7))
    try first.note(open(8))
    var second = try CrashMemory(folder: temporary.path)
    #expect(second.served() == [7: whole(7), 8: whole(8)])
    try second.note(open(9))
    #expect(try served() == [8: whole(8), 9: whole(9)])
  }

  @Test func `once removed it is empty, and another folder's is another`() throws {
    var box = try CrashMemory(folder: temporary.path)
    try box.note(open(7))
    let other = try CrashMemory(folder: temporary.path + "/other")
    #expect(other.served().isEmpty)
    other.remove()
    box.remove()
    let again = try CrashMemory(folder: temporary.path)
    #expect(again.served().isEmpty)
    again.remove()
  }

  @Test func `the longest segment there is has room`() throws {
    var box = try CrashMemory(folder: temporary.path)
    defer { box.remove() }
    // 30 s of 320 kbit/s, and a frame.
    let frame = [0xFF, 0xFB, 0xE4, 0x44] + [UInt8](repeating: 7, count: 956)
    let bytes = TimestampTag(samples: 0, rate: 48_000).bytes + (0..<1251).flatMap { _ in frame }
    for sequence in [7, 8] {
      try box.note(
        RecordingSegment(
          SegmentStart(
            sequence: sequence, packaging: .packedAudio(.mp3), sampleRate: 48_000, date: WallTime(microseconds: 1),
            discontinuity: false),
          bytes: bytes))
    }
    #expect(try served().mapValues(\.bytes) == [7: bytes, 8: bytes])
  }
}
