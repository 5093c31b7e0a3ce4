import Glibc
import HLS
import Testing

@testable import Live

@Suite struct SegmentFilesTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)

  private func writer(present: [Int] = []) -> SegmentFiles {
    SegmentFiles(
      folder: Folder("\(temporary.path)/live"), playlistName: "live.m3u8", present: present, log: log,
      onStored: { _ in })
  }

  @Test func `the folder becomes what the ring lists, and its playlist names just that`() throws {
    let files = writer()
    for last in 3...9 {
      files.want(Segments.ring(1...last), Segments.open(after: 1...last), edition: last)
      files.settle(edition: last, milliseconds: 10_000)
      let expected = (last - 2...last).map { "\($0).mp3" }
      #expect(temporary.files("live") == expected + ["live.m3u8"])
      #expect(try temporary.text("live/live.m3u8") == Segments.ring(1...last).playlist.text())
    }
    #expect(try Folder("\(temporary.path)/live").read("9.mp3") == Segments.make(9).bytes)
    files.stop(milliseconds: 10_000)
  }

  @Test func `the segment at hand is written on under a temporary name, and whole when it gets its own`() throws {
    let files = writer()
    let whole = Segments.make(4).bytes
    for count in [73, 400, 500, 500, 20_000] {
      let open = Segments.open(after: 1...3, bytes: Array(whole.prefix(count)))
      files.want(Segments.ring(1...3), open, edition: 1)
      files.settle(edition: 1, milliseconds: 10_000)
    }
    files.want(Segments.ring(1...4), Segments.open(after: 1...4), edition: 2)
    files.stop(milliseconds: 10_000)
    #expect(temporary.files("live") == ["2.mp3", "3.mp3", "4.mp3", "live.m3u8"])
    #expect(try Folder("\(temporary.path)/live").read("4.mp3") == whole)
  }

  @Test func `nothing is kept of a segment without a whole frame`() throws {
    let files = writer()
    files.want(
      Segments.ring(1...3), Segments.open(after: 1...3, bytes: Array(Segments.make(4).bytes.prefix(73 + 383))),
      edition: 1)
    files.stop(milliseconds: 10_000)
    #expect(temporary.files("live") == ["1.mp3", "2.mp3", "3.mp3", "live.m3u8"])
  }

  @Test func `a temporary file that was tampered with is written anew`() throws {
    let files = writer()
    let folder = Folder("\(temporary.path)/live")
    let whole = Segments.make(4).bytes
    for (edition, count) in [(1, 500), (2, 9000)] {
      let open = Segments.open(after: 1...3, bytes: Array(whole.prefix(count)))
      files.want(Segments.ring(1...3), open, edition: edition)
      files.settle(edition: edition, milliseconds: 10_000)
      try folder.remove("4.mp3.tmp")
    }
    files.want(Segments.ring(1...4), Segments.open(after: 1...4), edition: 3)
    files.stop(milliseconds: 10_000)
    #expect(try folder.read("4.mp3") == whole)
  }

  @Test func `a temporary file that was whole and then removed is written anew`() throws {
    let files = writer()
    let folder = Folder("\(temporary.path)/live")
    let whole = Segments.make(4).bytes
    files.want(Segments.ring(1...3), Segments.open(after: 1...3, bytes: whole), edition: 1)
    files.settle(edition: 1, milliseconds: 10_000)
    try folder.remove("4.mp3.tmp")
    files.want(Segments.ring(1...4), Segments.open(after: 1...4), edition: 2)
    files.stop(milliseconds: 10_000)
    #expect(try folder.read("4.mp3") == whole)
  }

  @Test func `segments of an earlier run make room, foreign files stay`() throws {
    let folder = Folder("\(temporary.path)/live")
    try folder.create()
    for name in ["1.mp3", "2.mp3", "notes.txt"] { try folder.replace(name, [1]) }
    let files = writer(present: [1, 2])
    files.want(Segments.ring(7...8), Segments.open(after: 7...8), edition: 1)
    files.stop(milliseconds: 10_000)
    #expect(temporary.files("live") == ["7.mp3", "8.mp3", "live.m3u8", "notes.txt"])
  }

  @Test func `a folder that can't be made is made as soon as it can be`() throws {
    try Folder(temporary.path).replace("live", [1])
    let files = writer()
    files.want(Segments.ring(1...3), Segments.open(after: 1...3), edition: 1)
    files.settle(edition: 1, milliseconds: 50)
    try Folder(temporary.path).remove("live")
    files.want(Segments.ring(1...4), Segments.open(after: 1...4), edition: 2)
    files.settle(edition: 2, milliseconds: 10_000)
    files.stop(milliseconds: 10_000)
    #expect(temporary.files("live") == ["2.mp3", "3.mp3", "4.mp3", "live.m3u8"])
  }

  @Test func `a folder that was removed under it is complete again with the next segment`() throws {
    let files = writer()
    files.want(Segments.ring(1...3), Segments.open(after: 1...3), edition: 1)
    files.settle(edition: 1, milliseconds: 10_000)
    TemporaryFolder.remove("\(temporary.path)/live")
    files.want(Segments.ring(1...4), Segments.open(after: 1...4), edition: 2)
    files.settle(edition: 2, milliseconds: 10_000)
    files.stop(milliseconds: 10_000)
    #expect(temporary.files("live") == ["2.mp3", "3.mp3", "4.mp3", "live.m3u8"])
  }
}
