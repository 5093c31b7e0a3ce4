import Core
import Glibc
import Rooms
import System

/// The chat of the rooms on disk: one file for each room, with one JSON object a line. The files are bounded.
///
/// Other programs may write in the folder, so that everything that is read back is input.
struct ChatFolder: Sendable {
  /// The name of the folder in the sound directory. No stream can have this name.
  static let name = "rooms"
  private static let ending = ".chat"
  /// Bytes of a file; then its older half goes.
  static let longestFile = 512 << 10
  private static let fileMode: mode_t = 0o640

  private let folder: Folder

  init(in soundDirectory: String) {
    folder = Folder("\(soundDirectory)/\(Self.name)")
  }

  var path: String { folder.path }

  func create() throws(SystemError) {
    try folder.create()
  }

  /// The rooms that have a file, in alphabetical order.
  func rooms() throws(SystemError) -> [RoomName] {
    try folder.files().filter { $0.hasSuffix(Self.ending) }.compactMap { RoomName($0.dropLast(Self.ending.count)) }
  }

  /// The complete lines of a room's file; none where there is no file. A line that is not UTF-8 is left out.
  func lines(of room: RoomName) throws(SystemError) -> [String] {
    do {
      let bytes = try folder.read(Self.file(of: room), atMost: 2 * Self.longestFile)
      return bytes.split(separator: 10).compactMap { String(validating: $0, as: UTF8.self) }
    } catch  where error.code == ENOENT {
      return []
    }
  }

  /// Adds lines to a room's file. A file that has become too long loses its older half.
  func append(_ lines: [String], to room: RoomName) throws(SystemError) {
    let path = "\(folder.path)/\(Self.file(of: room))"
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let file = try SystemError.check("open", open(path, flags, Self.fileMode), of: path)
    var status = stat()
    do {
      defer { close(file) }
      try SystemError.check("fstat", fstat(file, &status), of: path)
      guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(call: "open", code: EINVAL, subject: path) }
      // A line break first: a line whose end was never written spoils no other line.
      let bytes = Array((lines.map { "\n\($0)" }.joined() + "\n").utf8)
      let count = try SystemError.check("write", write(file, bytes, bytes.count), of: path)
      // A disk that is full takes a part (write(2)).
      guard count == bytes.count else { throw SystemError(call: "write", code: ENOSPC, subject: path) }
      status.st_size += count
    }
    if status.st_size > Self.longestFile { try shorten(room) }
  }

  /// Removes a room's file, if there is one.
  func remove(_ room: RoomName) throws(SystemError) {
    try folder.remove(Self.file(of: room))
  }

  private func shorten(_ room: RoomName) throws(SystemError) {
    var bytes = 0
    let kept = try lines(of: room).reversed().prefix { line in
      bytes += line.utf8.count + 1
      return bytes <= Self.longestFile / 2
    }
    try folder.replace(Self.file(of: room), Array(kept.reversed().map { "\($0)\n" }.joined().utf8))
  }

  private static func file(of room: RoomName) -> String { "\(room)\(ending)" }
}
