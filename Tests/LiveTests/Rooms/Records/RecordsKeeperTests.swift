import Glibc
import Logging
import Rooms
import System
import Testing

@testable import Live

@Suite struct RecordsKeeperTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)

  private func keeper() -> RecordsKeeper { RecordsKeeper(RecordsFile(in: temporary.path), log: log) }

  private func records() throws -> RoomRecords {
    var records = RoomRecords()
    var record = RoomRecord(try #require(RoomName("hall")))
    record.isLocked = true
    records.rooms.append(record)
    return records
  }

  @Test func `a station that starts again has the decisions of before`() throws {
    let first = keeper()
    #expect(first.restored.isEmpty)
    first.keep(RoomRecords())
    first.keep(try records())
    first.stop(within: .seconds(10))
    var status = stat()
    #expect(stat("\(temporary.path)/rooms.json", &status) == 0 && status.st_mode & 0o777 == 0o640)
    let second = keeper()
    defer { second.stop(within: .seconds(10)) }
    #expect(try second.restored == records())
  }

  @Test(arguments: ["", "{", "\u{0}\u{1}", #"{"invites":[]}"#])
  func `a broken file brings nothing`(text: String) throws {
    try Folder(temporary.path).replace("rooms.json", Array(text.utf8))
    let keeper = keeper()
    defer { keeper.stop(within: .seconds(10)) }
    #expect(keeper.restored.isEmpty)
  }

  @Test func `a link in the place of the file leads nowhere`() throws {
    #expect(symlink("/etc/passwd", "\(temporary.path)/rooms.json") == 0)
    let keeper = keeper()
    #expect(keeper.restored.isEmpty)
    keeper.keep(try records())
    keeper.stop(within: .seconds(10))
    #expect(try RecordsFile(in: temporary.path).read() == records())
  }
}
