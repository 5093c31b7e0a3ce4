import Codec
import Core
import HLS
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
