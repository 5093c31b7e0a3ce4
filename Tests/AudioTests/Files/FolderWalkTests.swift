import Glibc
import Testing

@testable import Audio

@Suite struct FolderWalkTests {
  private func walk(_ path: String, atMost limit: Int = 100) throws -> (files: [String], remarks: [String]) {
    let walk = try FolderWalk(path, atMost: limit) { false }
    return (walk.files.map(\.path), walk.remarks)
  }

  private func touch(_ path: String) {
    close(open(path, O_WRONLY | O_CREAT, 0o600))
  }

  @Test func `the files of nested folders come in the order of the names, without hidden ones and other kinds`() throws
  {
    try TestSound.withFolder { folder in
      mkdir("\(folder)/b", 0o700)
      for name in ["a.wav", "b/z.FLAC", "c.mp3", ".d.wav", "cover.jpg", "noending"] { touch("\(folder)/\(name)") }
      let (files, remarks) = try walk(folder)
      #expect(files == ["a.wav", "b/z.FLAC", "c.mp3"].map { "\(folder)/\($0)" })
      #expect(remarks.isEmpty)
    }
  }

  @Test func `a link that leads back is left out with a line, and the other files are there once`() throws {
    try TestSound.withFolder { folder in
      mkdir("\(folder)/b", 0o700)
      try #require(symlink(".", "\(folder)/a") == 0 && symlink("..", "\(folder)/b/up") == 0)
      for name in ["b/one.wav", "two.wav"] { touch("\(folder)/\(name)") }
      let (files, remarks) = try walk(folder)
      #expect(files == ["\(folder)/b/one.wav", "\(folder)/two.wav"])
      #expect(
        remarks
          == ["a", "b/up"].map { "the folder \(folder)/\($0) is left out: it leads back to a folder that it lies in" })
    }
  }

  @Test func `a folder that lies too deep is left out with a line, and the other files are there`() throws {
    try TestSound.withFolder { folder in
      var place = folder
      for _ in 1...17 {
        place += "/d"
        mkdir(place, 0o700)
        touch("\(place)/a.wav")
      }
      touch("\(folder)/z.wav")
      let (files, remarks) = try walk(folder)
      #expect(files.count == 16 && files.last == "\(folder)/z.wav")
      #expect(remarks == ["the folder \(place.dropLast(2)) is left out: it lies deeper than 16 folders"])
    }
  }

  @Test func `names that are not UTF-8 are counted in a line`() throws {
    try TestSound.withFolder { folder in
      let name = "\(folder)/".utf8.map { CChar(bitPattern: $0) } + [-1, 0]
      close(open(name, O_WRONLY | O_CREAT, 0o600))
      defer { unlink(name) }
      touch("\(folder)/a.wav")
      let (files, remarks) = try walk(folder)
      #expect(files == ["\(folder)/a.wav"])
      #expect(remarks == ["names in it that are not UTF-8, which are not played: 1"])
    }
  }

  @Test func `a walk ends at its limit with a line, and with an error when it is no longer needed`() throws {
    try TestSound.withFolder { folder in
      for name in ["a.wav", "b.wav"] { touch("\(folder)/\(name)") }
      let (files, remarks) = try walk(folder, atMost: 1)
      #expect(files == ["\(folder)/a.wav"] && remarks == [FileList.limit])
      #expect(throws: SourceError("it is no longer needed")) { try FolderWalk(folder, atMost: 1) { true } }
    }
  }
}
