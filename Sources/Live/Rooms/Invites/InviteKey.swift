import Glibc
import Logging
import Rooms
import System

/// The secret key with which the station seals invites and sessions: HMAC-SHA256. A server that has the same key accepts them.
struct InviteKey: Seal {
  /// The file in the sound directory, where the settings name none.
  static let fileName = "invite-key"
  /// The rule for the first line of the file, in characters: openssl rand -hex 32 makes such a line.
  private static let length = 32...512
  /// Random bytes of a key that the station makes.
  private static let madeBytes = 32

  private let mac: HMAC

  func code(of bytes: [UInt8]) -> [UInt8] { mac.code(of: bytes) }

  /// Nil for a line that is no key.
  init?(_ line: some StringProtocol) {
    guard Self.length.contains(line.utf8.count), line.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return nil
    }
    mac = HMAC(.sha256, key: Array(line.utf8))
  }

  /// The file of the key.
  static func path(_ settings: StationSettings) -> String {
    settings.rooms?.inviteKeyFile ?? "\(settings.streams[0].soundDirectory)/\(fileName)"
  }

  /// The key that a file has; nil where there is no such file yet, and where the station has no rooms.
  /// - Throws: for a file that cannot be read, that other users may write, or that has no key.
  static func read(_ settings: StationSettings, log: Log) throws(InvalidInput) -> InviteKey? {
    guard let rooms = settings.rooms else { return nil }
    let path = path(settings)
    let text = rooms.inviteKeyFile == nil ? try ownText(path, log) : try namedText(path, log)
    guard let text else { return nil }
    guard let key = InviteKey(text.prefix { !$0.isNewline }) else {
      throw InvalidInput(
        .inviteKeyFile, path,
        "its first line must be a key of \(length.lowerBound) to \(length.upperBound) characters without spaces")
    }
    return key
  }

  /// Makes the key of a first start, and keeps the key in the file.
  static func make(_ settings: StationSettings, log: Log) throws(SystemError) -> InviteKey {
    let path = path(settings)
    let line = SecretFile.randomDigits(bytes: madeBytes)
    try SecretFile.make(line, at: path)
    log.info("rooms: the key of the invites is in \(path)")
    return InviteKey(line)!
  }

  /// A key for this run only.
  static var temporary: InviteKey { InviteKey(SecretFile.randomDigits(bytes: madeBytes))! }

  /// The text of a file that the operator chose; nil where there is none.
  private static func namedText(_ path: String, _ log: Log) throws(InvalidInput) -> String? {
    guard access(path, F_OK) == 0 || errno != ENOENT else { return nil }
    let file = SecretFile(path, of: .inviteKeyFile)
    let text = String(decoding: try file.read(), as: UTF8.self)
    file.warnOfReaders(log)
    return text
  }

  /// The text of the file in the sound directory; nil where there is none.
  private static func ownText(_ path: String, _ log: Log) throws(InvalidInput) -> String? {
    let file = OwnFile(path, of: .inviteKeyFile)
    guard let bytes = try file.read(atMost: length.upperBound + 2) else { return nil }
    file.warnOfReaders(log)
    return String(decoding: bytes, as: UTF8.self)
  }
}
