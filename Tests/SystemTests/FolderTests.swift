import Glibc
import System
import Testing

@Suite struct FolderTests {
  private let path: String
  private var folder: Folder { Folder(path) }

  init() throws {
    var template = Array("/tmp/ringcast-folder-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  private func remove() {
    for name in (try? folder.files()) ?? [] { try? folder.remove(name) }
    rmdir(path)
  }

  @Test func `a file is read up to a limit, and from the beginning`() throws {
    defer { remove() }
    try folder.replace("a", [1, 2, 3])
    #expect(try folder.read("a", atMost: 3) == [1, 2, 3])
    #expect(try folder.read("a", atMost: 3, first: 2) == [1, 2])
    #expect(try folder.read("a", atMost: 3, first: 9) == [1, 2, 3])
    let error = #expect(throws: SystemError.self) { try folder.read("a", atMost: 2) }
    #expect(error?.code == EFBIG)
  }

  @Test func `a folder is made with its parents, whatever letters their names begin with`() throws {
    defer { remove() }
    let inner = Folder("\(path)/\u{0301}a/b")
    try inner.create()
    defer { for made in [inner.path, "\(path)/\u{0301}a"] { rmdir(made) } }
    #expect(try folder.folders() == ["\u{0301}a"])
    #expect(Folder("/\u{0301}none").absolutePath == "/\u{0301}none")
  }

  @Test func `a link, a pipe and a folder are no files`() throws {
    defer { remove() }
    try folder.replace("a", [1])
    #expect(symlink("a", "\(path)/link") == 0 && mkfifo("\(path)/pipe", 0o600) == 0)
    #expect(mkdir("\(path)/folder", 0o700) == 0)
    defer {
      unlink("\(path)/pipe")
      rmdir("\(path)/folder")
    }
    for (name, code) in [("link", ELOOP), ("pipe", EINVAL), ("folder", EINVAL), ("none", ENOENT)] {
      let error = #expect(throws: SystemError.self) { try folder.read(name, atMost: 100) }
      #expect(error?.code == code, "\(name)")
    }
  }

  @Test func `a file that is prepared takes the place of a link, and does not follow it`() throws {
    defer { remove() }
    try folder.replace("precious", [7])
    #expect(symlink("precious", "\(path)/a.tmp") == 0 && symlink("precious", "\(path)/a") == 0)
    try folder.replace("a", [1, 2])
    #expect(try folder.read("a", atMost: 100) == [1, 2])
    #expect(try folder.read("precious", atMost: 100) == [7])
  }
}
