import Glibc
import Logging
import System
import Testing

@testable import Live

@Suite struct OperatorTokenTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)

  private var path: String { "\(temporary.path)/admin-token" }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    #expect(lstat(path, &status) == 0)
    return status.st_mode
  }

  @Test func `a token is made at the first start, is nobody else's to read, and stays`() throws {
    let first = OperatorToken(in: temporary.path, log: log)
    #expect(first.path == path && first.token.text.utf8.count == 32)
    #expect(mode(path) == S_IFREG | 0o600)
    #expect(try File.read(path) == Array("\(first.token.text)\n".utf8))
    #expect(OperatorToken(in: temporary.path, log: log).token == first.token)
  }

  @Test func `two stations have two tokens`() {
    let other = TemporaryFolder()
    #expect(OperatorToken(in: temporary.path, log: log).token != OperatorToken(in: other.path, log: log).token)
  }

  @Test(arguments: ["", "short\n", "not a token\n", "\u{0}\n"])
  func `a file without a token is replaced`(text: String) throws {
    try Folder(temporary.path).replace("admin-token", Array(text.utf8))
    chmod(path, 0o600)
    let made = OperatorToken(in: temporary.path, log: log)
    #expect(try File.read(path) == Array("\(made.token.text)\n".utf8))
  }

  @Test(arguments: [mode_t(0o644), 0o660, 0o602])
  func `a token that others may have read or written is replaced`(mode: mode_t) throws {
    try Folder(temporary.path).replace("admin-token", Array("0123456789abcdef\n".utf8))
    chmod(path, mode)
    #expect(OperatorToken(in: temporary.path, log: log).token.text != "0123456789abcdef")
    #expect(self.mode(path) == S_IFREG | 0o600)
  }

  @Test func `a link in the file's place is not followed`() throws {
    try Folder(temporary.path).replace("precious", Array("0123456789abcdef\n".utf8))
    symlink("\(temporary.path)/precious", path)
    let made = OperatorToken(in: temporary.path, log: log)
    #expect(made.token.text != "0123456789abcdef" && mode(path) == S_IFREG | 0o600)
    #expect(try File.read("\(temporary.path)/precious") == Array("0123456789abcdef\n".utf8))
  }

  @Test func `a named pipe in the file's place holds nobody up`() {
    mkfifo(path, 0o600)
    #expect(OperatorToken(in: temporary.path, log: log).path == path && mode(path) == S_IFREG | 0o600)
  }

  @Test func `without a folder the token is good until the run ends`() {
    let made = OperatorToken(in: "\(temporary.path)/missing", log: log)
    #expect(made.path == nil && made.token.text.utf8.count == 32)
  }
}
