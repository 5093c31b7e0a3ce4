import HLS
import Testing

@testable import Live

@Suite struct StreamFolderTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)

  private func restored() throws -> Restored {
    try StreamFolder(directory: temporary.path, stream: "live", log: log).restore(targetDuration: 2, log: log)
  }

  @Test func `what a run wrote is restored, with what is whole of the segment at hand`() throws {
    let folder = Folder("\(temporary.path)/live")
    try folder.create()
    for sequence in 5...7 { try folder.replace("\(sequence).mp3", Segments.make(sequence).bytes) }
    try folder.replace("live.m3u8", Array(Segments.ring(5...7).playlist.text().utf8))
    try folder.prepare("8.mp3", Array(Segments.make(8).bytes.dropLast()))
    let restored = try restored()
    #expect(restored.segments.dropLast() == (5...7).map { Segments.make($0) })
    #expect(restored.segments.last?.samples == 83 * 1152)
    #expect(temporary.files("live") == ["5.mp3", "6.mp3", "7.mp3", "live.m3u8"])
  }

  @Test func `a folder that another process writes is refused`() throws {
    let first = try StreamFolder(directory: temporary.path, stream: "live", log: log)
    #expect(throws: StreamFolder.InUse.self) {
      try StreamFolder(directory: temporary.path, stream: "live", log: log)
    }
    _ = first
  }

  @Test func `names that ringcast does not write are no segments`() throws {
    let folder = Folder("\(temporary.path)/live")
    try folder.create()
    for name in ["07.mp3", "+7.mp3", "-7.mp3", "7.MP3", "seven.mp3", "0.mp3"] {
      try folder.replace(name, Segments.make(7).bytes)
    }
    #expect(try restored().continues == false)
    #expect(temporary.files("live").count == 6)
  }
}
