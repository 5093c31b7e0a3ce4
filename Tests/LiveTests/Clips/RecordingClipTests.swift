import Codec
import Core
import HTTP
import Logging
import Recordings
import System
import Testing

@testable import Live

@Suite struct RecordingClipTests {
  private static let name = RecordingName(
    stream: "live", start: WallTime(microseconds: 1_796_000_000_000_000), offset: 0)
  /// An MP3 frame of 128 kbit/s at 48 kHz, 24 ms long, that leans on no other.
  private static let frame: [UInt8] = [0xFF, 0xFB, 0x94, 0x00] + [UInt8](repeating: 0, count: 380)

  private let temporary = TemporaryFolder()
  private let library = RecordingLibrary(crossOrigin: []) {}

  private var folder: Folder { Folder(temporary.path) }

  /// A recording of so many frames, as the library has it.
  private func store(frames: Int, milliseconds: Int) throws -> StoredRecording {
    try folder.create()
    let recording = Recording(name: Self.name, milliseconds: milliseconds)
    let bytes = ID3Tag(recording, isFinished: true).bytes + [[UInt8]](repeating: Self.frame, count: frames).joined()
    try folder.replace(Self.name.text, bytes)
    let stored = StoredRecording(recording: recording, size: bytes.count, folder: folder)
    library.set([stored], of: "live")
    return stored
  }

  private func ask(_ wish: RecordingClip.Wish) -> RecordingWork.ClipResult? {
    let done = Semaphore()
    let work = RecordingWork(library, log: Log(level: .error)) { done.post() }
    defer { work.stop() }
    _ = work.clips.ask(wish)
    done.wait(atMost: .seconds(30))
    if case .done(let result) = work.clips.ask(wish) { return result } else { return nil }
  }

  @Test func `a clip has the frames between its borders`() throws {
    _ = try store(frames: 1000, milliseconds: 24_000)
    guard case .clip(let clip) = ask(.init(name: Self.name, from: 2400, to: 4800)) else {
      return #expect(Bool(false), "no clip")
    }
    #expect((clip.clip.start, clip.clip.end) == (2400, 4800))
    #expect(clip.bytes.range.count == 100 * Self.frame.count)
    let first = clip.bytes.bytes.withUnsafeBytes { Array($0.prefix(Self.frame.count)) }
    #expect(first == Self.frame)
  }

  @Test func `a file whose tag names another length is not read as a whole`() throws {
    // 27 MB that are said to be a millisecond.
    let stored = try store(frames: 70_000, milliseconds: 1)
    let file = try StoredBytes(path: stored.path)
    let clip = try RecordingClip(.init(name: Self.name, from: 0, to: 1), of: 1, in: file)
    #expect(try #require(clip).range.count > RecordingClip.mostBytes)
    guard case .tooLong = ask(.init(name: Self.name, from: 0, to: 1)) else {
      return #expect(Bool(false), "the clip is not too long")
    }
  }

  @Test func `a recording that is gone has no clip`() throws {
    _ = try store(frames: 10, milliseconds: 240)
    try folder.remove(Self.name.text)
    guard case .some(.none) = ask(.init(name: Self.name, from: 0, to: 100)) else {
      return #expect(Bool(false), "a clip of nothing")
    }
  }

  @Test func `two tags of one length have two validators`() {
    let tags = ["one", "two"].map { ClipTag(title: $0, stream: "live").bytes }
    #expect(tags[0].count == tags[1].count)
    #expect(ClipName.entityTag([1, 2], tags[0]) != ClipName.entityTag([1, 2], tags[1]))
    #expect(ClipName.entityTag([1, 2], tags[0]) != ClipName.entityTag([1, 3], tags[0]))
    #expect(ClipName.entityTag([1, 2], tags[0]) == ClipName.entityTag([1, 2], tags[0]))
  }

  // The remains of a recording

  @Test func `a waveform that is computed while its recording goes leaves nothing behind`() throws {
    let stored = try store(frames: 100, milliseconds: 2400)
    #expect(RecordingPeaks.peaks(of: stored) != nil)
    #expect(try folder.files() == [Self.name.text, Self.name.peaksText].sorted())
    try folder.remove(Self.name.peaksText)
    var isGone = false
    // The file goes while it is read: the open file has its bytes still.
    let peaks = RecordingPeaks.peaks(of: stored) {
      if !isGone { try? folder.remove(Self.name.text) }
      isGone = true
      return false
    }
    #expect(peaks == nil && isGone)
    #expect(try folder.files().isEmpty)
  }

  @Test func `a recording is deleted though something beside it stays`() throws {
    let stored = try store(frames: 10, milliseconds: 240)
    // A folder is no file that can be removed.
    try Folder("\(temporary.path)/\(Self.name.cueText)").create()
    try folder.replace(Self.name.peaksText, [1])
    let change = RecordingChange(name: stored.name, action: .delete)
    guard case .done = change.perform(on: library, log: Log(level: .error)) else {
      return #expect(Bool(false), "the deletion fails")
    }
    #expect(try folder.files().isEmpty)
    #expect(library.recording(Self.name) == nil)
  }

  @Test func `a note of a recording that is gone leaves nothing behind`() throws {
    let stored = try store(frames: 10, milliseconds: 240)
    try folder.remove(Self.name.text)
    let note = try RecordingNote.Change(Array(#"{"title": "A"}"#.utf8))
    let change = RecordingChange(name: stored.name, action: .note(note))
    guard case .missing = change.perform(on: library, log: Log(level: .error)) else {
      return #expect(Bool(false), "a note of nothing")
    }
    #expect(try folder.files().isEmpty)
  }
}
