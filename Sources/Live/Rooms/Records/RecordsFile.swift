import Core
import Glibc
import Rooms
import System

/// The file in the sound directory that keeps the decisions of the rooms' hosts over a restart. Other programs may write in
/// the directory, so that everything that is read back is input.
struct RecordsFile: Sendable {
  /// No stream has a folder of this name: the names of streams have no point.
  static let name = "rooms.json"
  /// Bytes of a file. The longest that the rooms can write is shorter.
  private static let longest = 32 << 20

  private let folder: Folder

  init(in soundDirectory: String) {
    folder = Folder(soundDirectory)
  }

  var path: String { "\(folder.path)/\(Self.name)" }

  /// The decisions of before the start; none where there is no file.
  /// - Throws: a `SystemError`, or a `RoomError` for a file that is not one of the rooms.
  func read() throws -> RoomRecords {
    let text: [UInt8]
    do {
      text = try folder.read(Self.name, atMost: Self.longest)
    } catch  where error.code == ENOENT {
      return RoomRecords()
    }
    return try RoomRecords(text: text)
  }

  /// Replaces the file. After a power cut, it is the old one or the new one.
  func write(_ records: RoomRecords) throws(SystemError) {
    try folder.create()
    try folder.prepare(Self.name, Array(records.text.utf8), synced: true)
    try folder.commit(Self.name)
  }
}
