import Glibc
import Rooms
import System
import Testing

@testable import Live

@Suite struct ChatFolderTests {
  private let temporary = TemporaryFolder()
  private let hall = RoomName("hall")!

  private func folder() throws -> ChatFolder {
    let folder = ChatFolder(in: temporary.path)
    try folder.create()
    return folder
  }

  @Test func `lines are read back in order, room by room`() throws {
    let folder = try folder()
    #expect(try folder.lines(of: hall).isEmpty)
    try folder.append(["1", "2"], to: hall)
    try folder.append(["3"], to: hall)
    try folder.append(["other"], to: RoomName("a")!)
    #expect(try folder.lines(of: hall) == ["1", "2", "3"])
    #expect(try folder.rooms() == [RoomName("a")!, hall])
    try folder.remove(hall)
    #expect(try folder.lines(of: hall).isEmpty)
  }

  @Test func `a line that was cut off spoils no other line`() throws {
    let folder = try folder()
    try Folder(folder.path).replace("hall.chat", Array("1\n{\"cut".utf8))
    try folder.append(["2"], to: hall)
    #expect(try folder.lines(of: hall) == ["1", "{\"cut", "2"])
  }

  @Test func `text that is not UTF-8 is left out`() throws {
    let folder = try folder()
    try Folder(folder.path).replace("hall.chat", Array("1\n".utf8) + [0xFF, 10] + Array("2\n".utf8))
    #expect(try folder.lines(of: hall) == ["1", "2"])
  }

  @Test func `a file that becomes too long loses its older half`() throws {
    let folder = try folder()
    let line = String(repeating: "x", count: 1000)
    for number in 0..<600 { try folder.append(["\(number) \(line)"], to: hall) }
    let lines = try folder.lines(of: hall)
    #expect(lines.last == "599 \(line)")
    #expect(lines.reduce(0) { $0 + $1.utf8.count } <= ChatFolder.longestFile)
    let numbers = lines.compactMap { Int($0.prefix { $0 != " " }) }
    #expect(numbers == Array(numbers[0]...599))
    #expect(numbers.count > 200)
  }

  @Test func `a link, a folder and a pipe in the place of a file are errors, and nothing is written there`() throws {
    let folder = try folder()
    try Folder(temporary.path).replace("target", [])
    symlink("\(temporary.path)/target", "\(folder.path)/hall.chat")
    #expect(throws: SystemError.self) { try folder.append(["1"], to: hall) }
    #expect(throws: SystemError.self) { try folder.lines(of: hall) }
    #expect(try Folder(temporary.path).read("target").isEmpty)
    mkfifo("\(folder.path)/pipe.chat", 0o600)
    #expect(throws: SystemError.self) { try folder.append(["1"], to: RoomName("pipe")!) }
  }

  @Test func `a file is for the owner and the group only`() throws {
    let folder = try folder()
    try folder.append(["1"], to: hall)
    var status = stat()
    let code = stat("\(folder.path)/hall.chat", &status)
    #expect(code == 0)
    #expect(status.st_mode & 0o777 & ~0o640 == 0)
  }
}
