import Glibc
import System
import Testing

@Suite struct FileTests {
  private let folder: String
  private var path: String { "\(folder)/file" }

  init() {
    var template = Array("/tmp/ringcast-file-XXXXXX".utf8CString)
    folder = String(cString: mkdtemp(&template)!)
  }

  private func removeFolder() {
    unlink(path)
    rmdir(folder)
  }

  @Test func `a named pipe that no program writes to is an error, not a wait`() throws {
    defer { removeFolder() }
    try #require(mkfifo(path, 0o600) == 0)
    #expect(throws: SystemError(call: "read", code: ENODATA, subject: path)) { try File.read(path) }
  }

  @Test func `a named pipe is read to the end that its writer makes`() throws {
    defer { removeFolder() }
    try #require(mkfifo(path, 0o600) == 0)
    // The descriptor for both directions keeps the pipe open until the writer has written more than a pipe holds: the
    // reader is there then. A pipe without a reader would end the program (SIGPIPE).
    let both = open(path, O_RDWR | O_CLOEXEC)
    let written = [UInt8](repeating: 7, count: 100_000)
    NamedThread(name: "writer") { [path] in
      let writer = open(path, O_WRONLY | O_CLOEXEC)
      var count = 0
      while count < written.count {
        let step = written.withUnsafeBytes { write(writer, $0.baseAddress! + count, $0.count - count) }
        guard step > 0 else { break }
        count += step
      }
      close(both)
      close(writer)
    }.detach()
    #expect(try File.read(path) == written)
  }

  @Test func `a pipe without a name is read, as a shell makes it for a command's output`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    write(ends[1], "port = 80", 9)
    close(ends[1])
    defer { close(ends[0]) }
    #expect(try File.read("/dev/fd/\(ends[0])") == Array("port = 80".utf8))
  }

  @Test func `a folder is no file`() {
    defer { removeFolder() }
    #expect(throws: SystemError(call: "read", code: EISDIR, subject: folder)) { try File.read(folder) }
  }
}
