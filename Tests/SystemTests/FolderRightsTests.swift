import Glibc
import System
import Testing

@Suite struct FolderRightsTests {
  private func rights(_ path: String) -> mode_t {
    var status = stat()
    #expect(stat(path, &status) == 0)
    return status.st_mode & 0o777
  }

  @Test func `folders and files are made without any right for other users`() throws {
    var name = Array("/tmp/folder.XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&name).map { String(cString: $0) })
    let folder = Folder("\(path)/sound/live")
    try folder.create()
    try folder.replace("live.m3u8", [1])
    #expect(rights("\(path)/sound") & 0o027 == 0 && rights("\(path)/sound/live") & 0o027 == 0)
    #expect(rights("\(path)/sound/live/live.m3u8") & 0o137 == 0)
    try folder.remove("live.m3u8")
    for made in ["/sound/live", "/sound", ""] { rmdir(path + made) }
  }
}
