import Core
import Glibc
import Logging
import Rooms
import System
import Testing

@testable import Live

@Suite struct InviteKeyTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)

  private var path: String { "\(temporary.path)/invite-key" }
  private let line = String(repeating: "0123456789abcdef", count: 4)

  private var settings: StationSettings {
    var settings = StationSettings()
    settings.streams[0].soundDirectory = temporary.path
    settings.rooms = RoomSettings()
    return settings
  }

  private func naming(_ path: String) -> StationSettings {
    var settings = settings
    settings.rooms?.inviteKeyFile = path
    return settings
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    #expect(lstat(path, &status) == 0)
    return status.st_mode
  }

  private func put(_ text: String, mode: mode_t = 0o600) throws {
    try Folder(temporary.path).replace("invite-key", Array(text.utf8))
    chmod(path, mode)
  }

  /// RFC 4231 §4.3, test case 2, has a key of four bytes. This is case 6 of §4.7: a key of 131 bytes.
  @Test func `a code is HMAC-SHA256`() throws {
    let key = HMAC(.sha256, key: [UInt8](repeating: 0xAA, count: 131))
    let code = key.code(of: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8))
    #expect(
      code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test func `a key is made at the first start, is nobody else's to read, and stays`() throws {
    #expect(try InviteKey.read(settings, log: log) == nil)
    let made = try InviteKey.make(settings, log: log)
    #expect(mode(path) == S_IFREG | 0o600)
    #expect(try File.read(path).count == 65)
    #expect(access("\(path).new", F_OK) != 0)
    let read = try #require(try InviteKey.read(settings, log: log))
    #expect(read.code(of: [1]) == made.code(of: [1]) && read.code(of: [1]).count == 32)
  }

  @Test func `a server with the same file takes the invites of the other`() throws {
    let made = try InviteKey.make(settings, log: log)
    let other = try #require(try InviteKey.read(naming(path), log: log))
    let invite = Invite(room: RoomName("a")!, role: .host, expires: WallTime(microseconds: 7_000_000), id: 5)
    #expect(try Invite(invite.text(made), other) == invite)
    #expect(throws: RoomError.self) { try Invite(invite.text(made), InviteKey.temporary) }
  }

  @Test func `without rooms no key is read`() throws {
    try put("short")
    var settings = settings
    settings.rooms = nil
    #expect(try InviteKey.read(settings, log: log) == nil)
  }

  @Test(arguments: [
    "", "short\n", "0123456789abcdef 0123456789abcdef\n", "\u{0}\n", "\n0123456789abcdef0123456789abcdef",
  ])
  func `a file without a key is refused`(text: String) throws {
    try put(text)
    for settings in [settings, naming(path)] {
      let error = #expect(throws: InvalidInput.self) { try InviteKey.read(settings, log: log) }
      #expect(
        error?.description.hasPrefix("invite-key-file \(path): its first line must be a key of 32 to 512") == true)
    }
  }

  @Test(arguments: [mode_t(0o620), 0o602, 0o666])
  func `a key that others may write is refused`(mode: mode_t) throws {
    try put(line, mode: mode)
    let error = #expect(throws: InvalidInput.self) { try InviteKey.read(settings, log: log) }
    #expect(
      error?.description
        == "invite-key-file \(path): other users may write this file; chmod go-w \(path) forbids it")
  }

  @Test func `a key that others may read is taken`() throws {
    try put(line, mode: 0o644)
    #expect(try InviteKey.read(settings, log: log) != nil)
    #expect(try InviteKey.read(naming(path), log: log) != nil)
  }

  @Test func `a file that every user may write is refused, and another file may be a link`() throws {
    try put(line, mode: 0o602)
    #expect(throws: InvalidInput.self) { try InviteKey.read(naming(path), log: log) }
    chmod(path, 0o600)
    let link = "\(temporary.path)/link"
    symlink(path, link)
    #expect(try InviteKey.read(naming(link), log: log) != nil)
  }

  @Test func `in the sound directory a link is not followed, and a named pipe holds nobody up`() throws {
    try Folder(temporary.path).replace("precious", Array(line.utf8))
    symlink("\(temporary.path)/precious", path)
    #expect(throws: InvalidInput.self) { try InviteKey.read(settings, log: log) }
    unlink(path)
    mkfifo(path, 0o600)
    #expect(throws: InvalidInput.self) { try InviteKey.read(settings, log: log) }
  }

  @Test func `where the key cannot be made, the error says so`() {
    let error = #expect(throws: SystemError.self) {
      try InviteKey.make(naming("\(temporary.path)/missing/key"), log: log)
    }
    #expect(error?.code == ENOENT)
  }
}
