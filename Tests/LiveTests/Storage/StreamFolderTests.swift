import Codec
import Glibc
import HLS
import Logging
import System
import Testing

@testable import Live

@Suite struct StreamFolderTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)

  private var folder: Folder { Folder("\(temporary.path)/live") }

  private func streamFolder() throws -> StreamFolder {
    try StreamFolder(directory: temporary.path, stream: "live", packaging: .packedAudio(.mp3), log: log)
  }

  /// As a process finds it that has the folder's black box from the run before, or doesn't.
  private func restored(box: ((inout CrashMemory) throws -> Void)? = nil) throws -> Restored {
    try folder.create()
    var before = try CrashMemory(folder: folder.absolutePath)
    defer { before.remove() }
    if let box { try box(&before) }
    return try streamFolder().restore(targetDuration: 2, log: log)
  }

  /// The folder as a run leaves it that has stored 5 to 7.
  private func write(marked: Bool) throws {
    try folder.create()
    for sequence in 5...7 { try folder.replace("\(sequence).mp3", Segments.make(sequence).bytes) }
    try folder.replace("live.m3u8", Array(Segments.ring(5...7).playlist.text().utf8))
    if marked { try folder.mark(StreamFolder.mark) }
  }

  @Test func `what a run wrote is restored, with what is whole of the segment at hand`() throws {
    try write(marked: true)
    try folder.prepare("8.mp3", [1, 2, 3], synced: false)
    let restored = try restored { box in
      try box.note(Segments.open(after: 5...7, bytes: Array(Segments.make(8).bytes.dropLast())))
    }
    #expect(restored.segments.dropLast() == (5...7).map { Segments.make($0) })
    #expect(restored.segments.last?.samples == 83 * 1152)
    #expect(temporary.files("live") == ["5.mp3", "6.mp3", "7.mp3", "live.m3u8", "running"])
  }

  @Test func `a folder that was left in order is restored without a black box, and leaves one that says so`() throws {
    try write(marked: false)
    var served: [Int: Restored.Served] = [:]
    let restored = try restored { box in served = box.served() }
    #expect(served.isEmpty)
    #expect(restored.segments == (5...7).map { Segments.make($0) })
    #expect(restored.nextSequence == 8)
  }

  @Test func `after a power cut the ring begins anew, beyond all that may have been served`() throws {
    try write(marked: true)
    let restored = try restored()
    #expect(restored.segments.isEmpty && restored.continues)
    #expect(restored.nextSequence >= 7 + Restored.unknown)
  }

  @Test func `a run that ran ahead of its disk is not taken up where the disk stopped`() throws {
    try write(marked: true)
    let restored = try restored { box in
      for sequence in 8...11 { try box.note(RecordingSegment(Segments.make(sequence))) }
    }
    #expect(restored.segments.isEmpty)
    #expect(restored.nextSequence > 11)
  }

  @Test func `without its traces a folder is as if it had never been marked`() throws {
    try write(marked: true)
    let stream = try streamFolder()
    stream.traces.remove()
    #expect(temporary.files("live") == ["5.mp3", "6.mp3", "7.mp3", "live.m3u8"])
  }

  @Test func `a folder that another process writes is refused`() throws {
    let first = try streamFolder()
    defer { first.traces.remove() }
    #expect(throws: StreamFolder.InUse.self) {
      try streamFolder()
    }
  }

  @Test func `a folder that a run gives up is free for the next run, with the sound that the folder lacks`() throws {
    let first = try streamFolder()
    var box = try #require(first.box)
    defer { box.remove() }
    try box.note(RecordingSegment(Segments.make(8)))
    first.traces.release()
    let served = try streamFolder().box?.served()
    #expect(served?.keys.sorted() == [8])
    withExtendedLifetime(first) {}
  }

  @Test(arguments: [true, false])
  func `the era of the folder goes on after a kill and after a stop`(isKilled: Bool) throws {
    try write(marked: isKilled)
    try folder.replace("era", Array("0123456789ab\n".utf8))
    let restored = try restored { box in
      if isKilled { try box.note(Segments.open(after: 5...7, bytes: Segments.make(8).bytes)) }
    }
    #expect(restored.era == .sample)
    #expect(temporary.files("live").contains("era"))
  }

  @Test(arguments: [true, false])
  func `where the last number is not known a new era begins, and the file of the old one is gone`(
    isMarked: Bool
  ) throws {
    if isMarked { try write(marked: true) } else { try folder.create() }
    try folder.replace("era", Array("0123456789ab\n".utf8))
    #expect(try restored().era != .sample)
    #expect(!temporary.files("live").contains("era"))
  }

  @Test func `two starts that find nothing have two eras`() throws {
    let first = try restored().era
    TemporaryFolder.remove("\(temporary.path)/live")
    #expect(try restored().era != first)
  }

  @Test(arguments: ["", "0123456789ab0123456789ab\n", "0123456789AB\n", "0123456789ab\r\n", " 0123456789ab\n"])
  func `a file with another text is no era`(text: String) throws {
    try write(marked: false)
    try folder.replace("era", Array(text.utf8))
    #expect(try restored().era != .sample)
  }

  @Test func `a crash memory that is damaged leaves what was served unknown, and is cleared`() throws {
    try write(marked: true)
    try folder.replace("era", Array("0123456789ab\n".utf8))
    try folder.create()
    var box = try CrashMemory(folder: folder.absolutePath)
    defer { box.remove() }
    try box.note(RecordingSegment(Segments.make(8)))
    let file = "/dev/shm/\(try #require(CrashMemoryTests.file(of: folder.absolutePath)))"
    try CrashMemoryTests.overwrite(file, at: 100, with: 0x55)
    let restored = try streamFolder().restore(targetDuration: 2, log: log)
    #expect(restored.segments.isEmpty && restored.era != .sample)
    #expect(restored.nextSequence >= 7 + Restored.unknown)
    #expect(!box.content().isDamaged && box.served().isEmpty)
  }

  @Test func `another process that has the crash memory has the folder`() throws {
    try folder.create()
    let other = try CrashMemory(folder: folder.absolutePath)
    defer { other.remove() }
    #expect(other.lock())
    #expect(throws: StreamFolder.InUse.self) { try streamFolder() }
  }

  @Test func `links, pipes, folders and files too large for a segment are not read`() throws {
    try write(marked: false)
    try folder.replace("elsewhere", Segments.make(8).bytes)
    #expect(symlink("\(folder.path)/elsewhere", "\(folder.path)/8.mp3") == 0)
    #expect(mkfifo("\(folder.path)/9.mp3", 0o600) == 0)
    #expect(mkdir("\(folder.path)/10.mp3", 0o700) == 0)
    try folder.replace("11.mp3", Segments.make(11).bytes)
    #expect(truncate("\(folder.path)/11.mp3", 900 << 30) == 0)
    #expect(try restored().nextSequence == 8)
  }

  @Test func `only the segments that may be listed are read whole`() throws {
    try write(marked: false)
    try folder.replace("4.mp3", Segments.make(4).bytes)
    try folder.replace("8.mp3", Segments.make(8).bytes)
    try folder.replace("10.mp3", Segments.make(10).bytes)
    let content = FolderContent(folder, playlistName: "live.m3u8", packaging: .packedAudio(.mp3), log: log)
    let (whole, beginning) = (Segments.make(4).bytes.count, TimestampTag.length)
    #expect(
      content.files.mapValues(\.count) == [4: beginning, 5: whole, 6: whole, 7: whole, 8: whole, 10: beginning])
  }

  @Test func `names that ringcast does not write are no segments`() throws {
    try folder.create()
    for name in ["07.mp3", "+7.mp3", "-7.mp3", "7.MP3", "seven.mp3", "0.mp3"] {
      try folder.replace(name, Segments.make(7).bytes)
    }
    #expect(try restored().continues == false)
    #expect(temporary.files("live").count == 6)
  }
}
