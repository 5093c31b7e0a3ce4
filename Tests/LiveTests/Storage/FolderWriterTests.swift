import Codec
import Core
import Glibc
import HLS
import Logging
import System
import Testing

@testable import Live

@Suite struct FolderWriterTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)

  private func writer(present: [Int] = []) -> FolderWriter {
    let folder = Folder("\(temporary.path)/live")
    let mirror = FolderMirror(
      folder: folder, lock: FolderLock(folder.path), playlistName: "live.m3u8", era: .sample,
      present: present.map { SegmentName($0, of: .mp3) })
    return FolderWriter(mirror, path: folder.path, log: log, onStored: { _ in })
  }

  @Test func `the folder becomes what the ring lists, and its playlist names just that`() throws {
    let files = writer()
    for last in 3...9 {
      files.want(Segments.ring(1...last), edition: last)
      files.settle(edition: last, within: .seconds(60))
      let expected = (last - 2...last).map { "\($0).mp3" }
      #expect(temporary.files("live") == expected + ["era", "live.m3u8", "running"])
      #expect(try temporary.text("live/live.m3u8") == Segments.ring(1...last).playlist.text())
    }
    #expect(try Folder("\(temporary.path)/live").read("9.mp3") == Segments.make(9).bytes)
    files.stop(within: .seconds(60))
  }

  @Test func `the titles are in the folder once there are some, and a start reads them`() throws {
    let files = writer()
    var played = PlayedTitles()
    files.want(Segments.ring(1...3), played, edition: 1)
    files.settle(edition: 1, within: .seconds(60))
    #expect(!temporary.files("live").contains("played.json"))
    played.note([DateRange(playing: NowPlaying(mending: "a", artist: nil), start: WallTime(microseconds: 1_000_000))])
    files.want(Segments.ring(1...3), played, edition: 2)
    files.settle(edition: 2, within: .seconds(60))
    // Somebody removes the folder; the titles are in the new one, too.
    TemporaryFolder.remove("\(temporary.path)/live")
    files.want(Segments.ring(1...4), played, edition: 3)
    files.stop(within: .seconds(60))
    func content() -> FolderContent {
      FolderContent(
        Folder("\(temporary.path)/live"), playlistName: "live.m3u8", packaging: .packedAudio(.mp3), log: log)
    }
    #expect(content().played.titles == played.titles)
    try Folder("\(temporary.path)/live").replace("played.json", Array("{".utf8))
    #expect(content().played.titles.isEmpty)
  }

  @Test func `a segment gets its name whole, whatever lies under its temporary one`() throws {
    let files = writer()
    let folder = Folder("\(temporary.path)/live")
    try folder.create()
    try folder.prepare("4.mp3", [UInt8](repeating: 1, count: 100_000), synced: false)
    files.want(Segments.ring(1...4), edition: 1)
    files.stop(within: .seconds(60))
    #expect(try folder.read("4.mp3") == Segments.make(4).bytes)
  }

  @Test func `it says in which era its segments are, also if the folder said something else`() throws {
    let folder = Folder("\(temporary.path)/live")
    try folder.create()
    try folder.replace("era", Array("ba9876543210\n".utf8))
    let files = writer()
    files.want(Segments.ring(1...3), edition: 1)
    files.settle(edition: 1, within: .seconds(60))
    #expect(try temporary.text("live/era") == "0123456789ab\n")
    TemporaryFolder.remove("\(temporary.path)/live")
    files.want(Segments.ring(1...4), edition: 2)
    files.stop(within: .seconds(60))
    #expect(try temporary.text("live/era") == "0123456789ab\n")
  }

  @Test func `a folder that was made anew and taken by another process is left to it`() throws {
    let files = writer()
    files.want(Segments.ring(1...3), edition: 1)
    files.settle(edition: 1, within: .seconds(60))
    TemporaryFolder.remove("\(temporary.path)/live")
    let folder = Folder("\(temporary.path)/live")
    try folder.create()
    let other = FolderLock(folder.path)
    try other.take()
    files.want(Segments.ring(1...4), edition: 2)
    #expect(!files.stop(within: .seconds(60)))
    #expect(temporary.files("live") == [])
  }

  @Test func `it is marked while it is written`() throws {
    let files = writer()
    files.want(Segments.ring(1...3), edition: 1)
    files.settle(edition: 1, within: .seconds(60))
    TemporaryFolder.remove("\(temporary.path)/live")
    files.want(Segments.ring(1...4), edition: 2)
    #expect(files.stop(within: .seconds(60)))
    #expect(temporary.files("live").contains(StreamFolder.mark))
  }

  @Test func `what an earlier run has left stays until there is a segment to list`() throws {
    let folder = Folder("\(temporary.path)/live")
    try folder.create()
    for sequence in 1...3 { try folder.replace("\(sequence).mp3", Segments.make(sequence).bytes) }
    let playlist = Segments.ring(1...3).playlist.text()
    try folder.replace("live.m3u8", Array(playlist.utf8))
    let files = writer(present: [1, 2, 3])
    files.want(Ring(capacity: 3, targetDuration: 2), edition: 1)
    files.settle(edition: 1, within: .seconds(60))
    #expect(temporary.files("live") == ["1.mp3", "2.mp3", "3.mp3", "era", "live.m3u8", "running"])
    #expect(try temporary.text("live/live.m3u8") == playlist)
    files.want(Segments.ring(7...7), edition: 2)
    files.stop(within: .seconds(60))
    #expect(temporary.files("live") == ["7.mp3", "era", "live.m3u8", "running"])
    #expect(try temporary.text("live/live.m3u8") == Segments.ring(7...7).playlist.text())
  }

  @Test func `it says whether all that was wanted is there`() throws {
    try Folder(temporary.path).replace("live", [1])
    let files = writer()
    files.want(Segments.ring(1...3), edition: 1)
    #expect(!files.stop(within: .seconds(60)))
  }

  @Test func `segments of an earlier run make room, foreign files stay`() throws {
    let folder = Folder("\(temporary.path)/live")
    try folder.create()
    for name in ["1.mp3", "2.mp3", "notes.txt"] { try folder.replace(name, [1]) }
    let files = writer(present: [1, 2])
    files.want(Segments.ring(7...8), edition: 1)
    files.stop(within: .seconds(60))
    #expect(temporary.files("live") == ["7.mp3", "8.mp3", "era", "live.m3u8", "notes.txt", "running"])
  }

  @Test func `a folder that can't be made is made as soon as it can be`() throws {
    try Folder(temporary.path).replace("live", [1])
    let files = writer()
    files.want(Segments.ring(1...3), edition: 1)
    files.settle(edition: 1, within: .milliseconds(50))
    try Folder(temporary.path).remove("live")
    files.want(Segments.ring(1...4), edition: 2)
    files.settle(edition: 2, within: .seconds(60))
    files.stop(within: .seconds(60))
    #expect(temporary.files("live") == ["2.mp3", "3.mp3", "4.mp3", "era", "live.m3u8", "running"])
  }

  @Test func `a folder that was removed under it is complete again with the next segment`() throws {
    let files = writer()
    files.want(Segments.ring(1...3), edition: 1)
    files.settle(edition: 1, within: .seconds(60))
    TemporaryFolder.remove("\(temporary.path)/live")
    files.want(Segments.ring(1...4), edition: 2)
    files.settle(edition: 2, within: .seconds(60))
    files.stop(within: .seconds(60))
    #expect(temporary.files("live") == ["2.mp3", "3.mp3", "4.mp3", "era", "live.m3u8", "running"])
  }
}
